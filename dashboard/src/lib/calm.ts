/** Work that news ask for, which come in bursts. */

export interface Calm {
  /** Does the work now, or, where that was a moment ago, once when the moment is over. */
  ask: () => void;
  stop: () => void;
}

/** `work` at most once in `pauseMs`: the first wish is not delayed, and the last is never lost. */
export function calmly(work: () => void, pauseMs: number): Calm {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let again = false;
  const rest = (): void => {
    timer = setTimeout(() => {
      timer = null;
      if (again) begin();
    }, pauseMs);
  };
  function begin(): void {
    again = false;
    rest();
    work();
  }
  return {
    ask: () => {
      if (timer === null) begin();
      else again = true;
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      again = false;
    },
  };
}
