//! Two processes on one database.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use parseflow_model::{
    AccountId, DeliveryId, Endpoint, EndpointNo, EventId, EventType, Fact, Timestamp,
};
use parseflow_store::conformance::{PlainRules, Subject};
use parseflow_store::{
    Claim, DeliveryStore, DispatcherLease, EventStore, Next, Notice, NoticeSink, PostgresStore,
    Publish, Published, Settled, StoreError,
};

use crate::database::Database;

/// One process.
pub(crate) struct Node {
    pub(crate) store: PostgresStore,
    pub(crate) notices: Arc<Mutex<Vec<Notice>>>,
}

pub(crate) async fn node(database: &Database, name: &str) -> Node {
    let notices = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&notices);
    let sink: NoticeSink = Arc::new(move |notice| heard.lock().unwrap().push(notice));
    let store = database.open(name, Arc::new(PlainRules), sink).await;
    Node { store, notices }
}

impl Node {
    pub(crate) async fn start(&self) -> DispatcherLease {
        self.store.start_dispatcher(Subject::at(0)).await.unwrap()
    }

    pub(crate) async fn publish(&self, account: &AccountId, now: Timestamp) -> EventId {
        let event_type = EventType::ExtractionCompleted;
        let fact = Fact::Published { event_type, data: Default::default(), test: false };
        let publish = Publish { account: account.clone(), fact, only: None, key: None, now };
        match self.store.publish(publish).await.unwrap() {
            Published::Stored { event, .. } => event,
            Published::KeyReused => panic!("no key was given"),
        }
    }

    pub(crate) fn handed_over(&self) -> Vec<DeliveryId> {
        let notices = std::mem::take(&mut *self.notices.lock().unwrap());
        let first = notices.into_iter().filter_map(|notice| match notice {
            Notice::First { event, endpoint, .. } => Some(DeliveryId { event: event.id, endpoint }),
            _ => None,
        });
        first.collect()
    }

    pub(crate) async fn claim(
        &self,
        lease: &DispatcherLease,
        no: EndpointNo,
        secs: i64,
    ) -> Vec<DeliveryId> {
        let now = Subject::at(secs);
        let until = now + Duration::from_secs(60);
        let claimed = self.store.claim_due(lease, no, now, until, 1_000).await.unwrap();
        let ids = claimed.deliveries.iter();
        ids.map(|claimed| DeliveryId { event: claimed.event.id, endpoint: no }).collect()
    }

    pub(crate) async fn succeed(
        &self,
        lease: &DispatcherLease,
        id: DeliveryId,
    ) -> Result<Settled, StoreError> {
        let next = Next::Delivered;
        let ok = Subject::settlement(id, Claim::First, 1, 200, next, Subject::at(5));
        self.store.settle(lease, ok).await
    }
}

/// Two processes, the first one dispatching, and an account with an endpoint.
pub(crate) struct World {
    pub(crate) one: Node,
    pub(crate) two: Node,
    pub(crate) subject: Subject,
    pub(crate) account: AccountId,
    pub(crate) endpoint: Endpoint,
    pub(crate) lease: DispatcherLease,
    pub(crate) database: Arc<Database>,
}

pub(crate) async fn world() -> World {
    let database = Arc::new(Database::create().await);
    let (one, two) = (node(&database, "one").await, node(&database, "two").await);
    let store = one.store.clone();
    let subject = Subject::open(|_, _| async move {
        let opened: parseflow_store::conformance::Opened = (Arc::new(store), Box::new(()));
        opened
    })
    .await;
    let account = subject.account().await;
    let endpoint = subject.endpoint(&account).await;
    let lease = one.start().await;
    World { one, two, subject, account, endpoint, lease, database }
}

/// Beats of `alive` over `secs` seconds.
pub(crate) async fn beat(
    alive: &Node,
    lease: Option<&DispatcherLease>,
    from: i64,
    secs: i64,
) -> usize {
    let mut adopted = 0;
    for second in from..=from + secs {
        adopted += alive.store.heartbeat(lease, Subject::at(second)).await.unwrap().adopted;
    }
    adopted
}
