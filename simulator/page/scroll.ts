/**
 * Keeps a list at its end while it grows or its window shrinks, unless the person scrolled up to read. Another
 * `subject` (another customer, another Teams channel) begins at its end.
 */
export function stickToEnd(element: HTMLElement) {
  const nearPx = 80;
  let last: string | undefined;
  let atEnd = true;
  element.addEventListener('scroll', () => {
    atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
  });
  new ResizeObserver(() => {
    if (atEnd) element.scrollTop = element.scrollHeight;
  }).observe(element);
  const stick = (draw: () => void, subject: string): void => {
    const stay = atEnd || subject !== last;
    draw();
    if (stay) element.scrollTop = element.scrollHeight;
    last = subject;
  };
  /** Goes to the end and stays there: the person has just added something. */
  const end = (): void => {
    atEnd = true;
    element.scrollTop = element.scrollHeight;
  };
  return Object.assign(stick, { end });
}
