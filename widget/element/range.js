// The rows of an answer between two periods.

/** Returns the rows that `from` and `to` of the service choose: all of them where nothing is chosen. */
export function rowsBetween({ answer, time }, { from, to }) {
  if (!from) return answer.rows;
  return answer.rows.filter((row) => {
    const period = String(row[time.name] ?? "");
    return period >= from && period <= to;
  });
}
