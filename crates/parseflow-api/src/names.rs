//! The closed lists of names in the OpenAPI description, taken from the nouns themselves: clients get
//! them as types.

use std::borrow::Cow;

use parseflow_model::{
    BatchStatus, DeliveryState, DisabledReason, DocumentStatus, DocumentType, EndpointStatus,
    EventType, FailureKind, PayloadVersion, Plan, RecoveryStatus, Scope, Trigger,
};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! names {
    ($(#[doc = $doc:literal])+ $schema:ident, $name:literal, $list:expr) => {
        $(#[doc = $doc])+
        pub(crate) struct $schema;

        impl PartialSchema for $schema {
            fn schema() -> RefOr<Schema> {
                let names: Vec<&str> = $list.into_iter().collect();
                let object = ObjectBuilder::new().schema_type(Type::String);
                let description = concat!($($doc),+).trim();
                object.enum_values(Some(names)).description(Some(description)).into()
            }
        }

        impl ToSchema for $schema {
            fn name() -> Cow<'static, str> {
                $name.into()
            }
        }
    };
}

names!(
    /// The type of an event.
    EventName, "EventType", EventType::ALL.map(EventType::as_str)
);
names!(
    /// Where a document is in its life.
    DocumentState, "DocumentStatus", DocumentStatus::ALL.map(DocumentStatus::as_str)
);
names!(
    /// What a document is.
    DocumentKind, "DocumentType", DocumentType::ALL.map(DocumentType::as_str)
);
names!(
    /// Where a batch is in its life.
    BatchState, "BatchStatus", BatchStatus::ALL.map(BatchStatus::as_str)
);
names!(
    /// What a delivery has come to.
    DeliveryStateName, "DeliveryState", DeliveryState::ALL.map(DeliveryState::as_str)
);
names!(
    /// What a delivery that ended without success has come to.
    ParkedStateName, "ParkedDeliveryState", DeliveryState::PARKED.map(DeliveryState::as_str)
);
names!(
    /// Where a recovery is in its life.
    RecoveryStatusName, "RecoveryStatus", RecoveryStatus::ALL.map(RecoveryStatus::as_str)
);
names!(
    /// Why an attempt failed.
    FailureName, "FailureKind", FailureKind::ALL.map(FailureKind::as_str)
);
names!(
    /// What caused an attempt.
    TriggerName, "Trigger", [Trigger::Schedule, Trigger::Manual].map(Trigger::as_str)
);
names!(
    /// The shape of the bodies that a webhook is sent.
    PayloadVersionName, "PayloadVersion", [PayloadVersion::V1].map(PayloadVersion::as_str)
);
names!(
    /// Why a webhook is disabled.
    DisabledReasonName, "DisabledReason", DisabledReason::ALL.map(DisabledReason::as_str)
);
names!(
    /// What an account has subscribed to.
    PlanName, "Plan", Plan::ALL.map(Plan::as_str)
);
names!(
    /// What a key may do beyond the ordinary API.
    ScopeName, "Scope", Scope::ALL.map(Scope::as_str)
);
names!(
    /// Events caused with a test key carry `"test": true`.
    KeyModeName, "KeyMode", ["live", "test"]
);

/// A webhook that is served is paused while its account's plan has no webhooks.
pub(crate) const PAUSED: &str = "paused";

const SERVED: [EndpointStatus; 3] =
    [EndpointStatus::Healthy, EndpointStatus::Failing, EndpointStatus::Disabled];

names!(
    /// How a webhook is doing: `failing` after one delivery failed five times, `paused` while the plan
    /// has no webhooks.
    WebhookStatus, "WebhookStatus", SERVED.map(EndpointStatus::as_str).into_iter().chain([PAUSED])
);
