//! The suite that every implementation of the port passes, unchanged.
//!
//! A test crate says how to open an empty store and names the suite:
//!
//! ```text
//! async fn open(rules: Arc<dyn Rules>, notices: NoticeSink) -> Opened { … }
//! parseflow_store::conformance_suite!(open);
//! ```

#![expect(clippy::unwrap_used, reason = "this module is a test suite that other crates can run")]

pub mod accounts;
pub mod activity;
pub mod alerts;
pub mod asked_again;
pub mod batches;
pub mod dispatch;
pub mod documents;
pub mod endpoints;
pub mod log;
pub mod operate;
pub mod ordered;
pub mod publishing;
pub mod quota;
pub mod recoveries;
pub mod rotation;
pub mod sealed;
mod subject;

pub use subject::{Opened, PlainRules, Subject};

/// Makes one test of every behaviour in the suite. `$open` is an async function from rules and a
/// notice sink to an empty store: `conformance::Opened`.
#[macro_export]
macro_rules! conformance_suite {
    ($open:path) => {
        $crate::conformance_suite!(@ $open,
            accounts: [
                an_email_address_is_taken_once,
                a_key_is_found_by_its_hash_until_revoked,
                keys_are_bounded_and_listed_newest_first,
                a_plan_change_shows_at_once,
            ],
            quota: [
                every_accepted_document_is_counted_once,
                the_warning_is_written_once_at_eighty_percent,
                at_exactly_the_limit_nothing_is_exceeded,
                a_jump_over_both_marks_tells_of_both_in_order,
                concurrent_requests_cross_each_mark_once,
                a_new_month_starts_from_zero,
                a_raised_limit_warns_again,
            ],
            documents: [
                a_finished_document_fires_one_event_with_its_bytes,
                work_is_claimed_by_one_holder_until_its_lease_ends,
                files_are_awaited_until_their_document_has_ended,
                a_lost_claim_cannot_finish,
                a_repeated_intake_changes_nothing,
                documents_are_listed_newest_first_by_page_and_only_to_their_owner,
            ],
            alerts: [
                an_endpoint_is_in_trouble_while_it_fails,
                an_alert_is_noted_by_who_saw_what_was_noted_before,
                nothing_is_told_of_a_deleted_endpoint,
                a_disabled_endpoint_is_in_trouble_until_it_is_enabled,
            ],
            batches: [
                the_last_document_completes_the_batch_exactly_once,
                a_batch_of_failures_is_still_completed,
                document_events_can_be_left_out,
                cancelling_fails_the_batch_once_and_stops_its_documents,
                an_archive_becomes_documents_that_are_counted,
                an_unreadable_archive_fails_the_batch,
                an_archive_over_the_quota_fails_the_batch,
            ],
            endpoints: [
                endpoints_are_bounded_and_listed_newest_first,
                a_deleted_endpoint_is_gone_for_good_and_its_deliveries_are_cancelled,
                changes_leave_the_rest_as_it_was,
                disabling_cancels_and_enabling_resets_the_health,
                gone_means_what_is_wished_when_the_attempt_is_recorded,
            ],
            rotation: [
                a_pending_secret_signs_beside_the_old_one_until_its_time,
                activating_puts_the_pending_secret_in_force_at_once,
                a_rotation_without_overlap_is_in_force_at_once,
                a_second_rotation_replaces_what_is_pending_and_keeps_what_took_over,
                deleting_erases_secrets_and_headers,
                a_paused_endpoint_loses_nothing_and_sends_nothing_until_it_is_resumed,
            ],
            publishing: [
                an_event_goes_to_the_endpoints_that_subscribe,
                a_repeated_key_publishes_once,
                events_are_read_by_their_ids_oldest_first,
                events_of_one_account_never_reach_another,
                a_paused_endpoint_keeps_its_deliveries_for_an_upgrade,
                a_disabled_endpoint_skips_events_that_can_be_sent_later,
                event_ids_increase_in_commit_order,
            ],
            dispatch: [
                a_success_settles_the_delivery,
                a_failure_is_due_when_the_schedule_says_and_not_before,
                an_exhausted_delivery_is_parked,
                a_restart_finds_what_was_handed_over_and_not_settled,
                a_restart_takes_claims_from_the_predecessor,
                a_stale_dispatcher_can_neither_claim_nor_settle,
                a_claim_keeps_others_away_until_its_lease_ends,
                a_late_settlement_of_a_lost_claim_changes_nothing,
                spilled_deliveries_come_back_as_due,
                released_claims_are_due_at_once,
                an_attempt_is_recorded_once_under_any_claim,
                disabling_by_failures_cancels_what_waits,
                wakeups_name_the_earliest_time_of_each_endpoint,
            ],
            ordered: [
                an_ordered_endpoint_gets_one_delivery_at_a_time,
                a_retry_of_an_ordered_endpoint_holds_up_those_behind,
                an_endpoint_becomes_ordered_and_is_free_again,
                the_rate_limit_goes_with_what_is_to_be_sent,
            ],
            asked_again: [
                it_is_sent_at_once_when_the_attempt_has_failed,
                it_is_done_when_the_attempt_has_succeeded,
                a_recovery_waits_for_the_attempt_too,
                it_is_sent_at_once_when_nothing_was_begun,
                it_is_sent_when_the_claim_ends_though_nothing_was_heard,
                it_is_sent_at_once_when_the_attempt_itself_has_cancelled_it,
                it_is_sent_at_once_when_its_claim_had_ended,
            ],
            log: [
                a_delivery_is_listed_in_every_state,
                the_log_pages_newest_first,
                a_delivery_sent_again_keeps_its_id_and_goes_on_counting,
                what_is_known_of_an_attempt_is_kept,
                nobody_sees_or_resends_a_foreign_delivery,
            ],
            activity: [
                the_accounts_log_goes_over_all_its_endpoints,
                the_accounts_log_is_filtered,
                a_filter_that_little_passes_ends_its_search,
                the_overview_sums_up_what_happened,
            ],
            recoveries: [
                a_recovery_makes_the_oldest_due_while_few_are_waiting,
                a_recovery_takes_only_what_is_in_its_scope,
                a_recovered_delivery_goes_on_counting_and_is_taken_up_once,
                a_recovery_goes_on_after_a_restart,
                one_recovery_of_an_endpoint_runs_at_a_time,
                a_cancelled_recovery_goes_no_further,
                a_recovery_waits_for_a_paused_endpoint_and_ends_with_a_disabled_one,
                retention_forgets_recoveries_that_have_ended,
            ],
            operate: [
                an_idempotency_key_answers_the_same_for_a_day,
                a_request_of_a_dead_process_may_be_repeated,
                retention_removes_old_events_in_slices,
                retention_counts_the_rows_that_it_removes,
                figures_count_what_waits,
            ],
            sealed: [
                every_encrypted_value_is_found_once,
                values_are_put_in_place_anew,
                a_value_that_was_changed_meanwhile_stays,
            ],
        );
    };
    (@ $open:path, $($module:ident: [$($test:ident),* $(,)?]),* $(,)?) => {
        $(mod $module {
            use super::*;

            $(#[tokio::test]
            async fn $test() {
                let subject = $crate::conformance::Subject::open(
                    |rules, notices| $open(rules, notices),
                ).await;
                $crate::conformance::$module::$test(subject).await;
            })*
        })*
    };
}
