// Answers may come in another order than they were asked for: only the latest counts.

/** Return a function that begins a turn and returns whether that is still the latest one. */
export function turns() {
  let latest = 0;
  return () => {
    const mine = (latest += 1);
    return () => mine === latest;
  };
}
