/** An endpoint's health in a sentence: what is so, since when, and what comes next. */
import type { Endpoint } from './types';
import { number, relative } from './format';

const date = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const on = (time: string): string => date.format(new Date(time));

/** The state to show: an endpoint counts as healthy until the fifth request for a delivery fails, but the first is worth a look. */
export const healthState = (endpoint: Pick<Endpoint, 'status' | 'failingSince'>): string =>
  endpoint.status === 'healthy' && endpoint.failingSince !== null ? 'unsteady' : endpoint.status;

export function healthSentence(endpoint: Endpoint, now: number): string {
  const ago = (time: string) => relative(time, now);
  if (endpoint.status === 'paused') {
    return endpoint.paused
      ? 'Paused by you. Deliveries wait and are sent when you resume; nothing is lost.'
      : 'Paused, because the plan of the account has no webhooks. Deliveries wait for an upgrade.';
  }
  if (endpoint.status === 'disabled') {
    const when = endpoint.disabledAt ? ` on ${on(endpoint.disabledAt)}` : '';
    const next = 'Enable it, then recover what it missed.';
    switch (endpoint.disabledReason) {
      case 'consecutive_failures':
        return `Disabled${when}, after three days of failures and no success. ${next}`;
      case 'gone':
        return `Disabled${when}, because it answered 410 Gone. ${next}`;
      default:
        return `Disabled by you${when}. Events that happen now are recorded as skipped.`;
    }
  }
  if (endpoint.failingSince !== null) {
    const failures = `${number(endpoint.consecutiveFailures)} ${endpoint.consecutiveFailures === 1 ? 'attempt' : 'attempts'} in a row`;
    const word = endpoint.status === 'failing' ? 'Failing' : 'Attempts fail';
    const threat = endpoint.disablesAt ? ` It will be disabled on ${on(endpoint.disablesAt)} unless a delivery succeeds.` : '';
    return `${word} since ${on(endpoint.failingSince)} (${failures}).${threat}`;
  }
  if (endpoint.lastSuccessAt !== null) return `Answers as it should. Last success ${ago(endpoint.lastSuccessAt)}.`;
  return 'Nothing has been sent yet. Send a test event to see that it answers.';
}
