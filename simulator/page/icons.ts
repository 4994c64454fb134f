/** The page's few icons, drawn for it: 20 × 20 strokes that take the colour of the text beside them. */

const paths = {
  send: 'M3 10l14-6-5 14-3-6-6-2z',
  at: 'M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zm0 0v1.2a1.9 1.9 0 0 0 3.8 0V10A6.8 6.8 0 1 0 14 15.5',
  close: 'M5 5l10 10M15 5L5 15',
  globe: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM3 10h14M10 3c-4.5 4.5-4.5 9.5 0 14 4.5-4.5 4.5-9.5 0-14z',
  bolt: 'M11 3L5 11h4l-1 6 6-8h-4l1-6z',
  desktop: 'M3 4h14v9H3zM7 17h6M10 13v4',
  mobile: 'M6.5 3h7v14h-7zM9 15h2',
  person: 'M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM4 17c.6-3.4 3-5 6-5s5.4 1.6 6 5',
  plus: 'M10 4v12M4 10h12',
  lock: 'M5.5 9h9v7h-9zM7.5 9V6.5a2.5 2.5 0 0 1 5 0V9',
  edit: 'M4 16l1-4 8-8 3 3-8 8-4 1z',
  trash: 'M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6',
  eye: 'M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM12 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0z',
  check: 'M4 10.5l4 4 8-9',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  chat: 'M3 4h14v10H9l-4 3v-3H3z',
  channel: 'M4 5h12M4 10h12M4 15h7',
  warn: 'M10 3l8 14H2L10 3zM10 8v4M10 14.5v.1',
  picture: 'M3 4h14v12H3zM3 13l4-4 3.5 3.5L13 10l4 4M13 7.4v.1',
  file: 'M5 2.5h6l4 4v11H5zM11 2.5v4h4',
  like: 'M3 9h3v8H3zM6 10l3.5-6.5c1.4 0 2 1 1.7 2.3L10.6 8.5H16c.9 0 1.4.8 1.2 1.6l-1.5 5.7c-.2.7-.8 1.2-1.5 1.2H6',
  heart: 'M10 16.5S3.5 12.6 3.5 8.2A3.3 3.3 0 0 1 10 7a3.3 3.3 0 0 1 6.5 1.2c0 4.4-6.5 8.3-6.5 8.3z',
  laugh: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM7.2 7.8v.9M12.8 7.8v.9M6.5 11c.6 2 2 3 3.5 3s2.9-1 3.5-3z',
  back: 'M7 4L3 8l4 4M3 8h8.5a4 4 0 0 1 0 8H8',
  down: 'M5 8l5 5 5-5',
} as const;

export type IconName = keyof typeof paths;

/** An icon beside a text or in a labelled button: hidden from assistive technology, which has the words. */
export function icon(name: IconName): SVGSVGElement {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const path = document.createElementNS(ns, 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}
