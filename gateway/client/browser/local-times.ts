const FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** Shows instants in the reader's own zone; the page has them in UTC. */
export function localTimes(root: ParentNode): void {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const instant = new Date(time.getAttribute('datetime') ?? '');
    if (Number.isNaN(instant.getTime()) || time.hasAttribute('title')) continue;
    time.setAttribute('title', time.textContent ?? '');
    time.textContent = FORMAT.format(instant);
  }
}
