/** Measurements that run inside the page; each answers what is wrong, nothing when all is well. They may use nothing from outside themselves. */

/** Visible elements that reach over the left or right edge of the window, where no scrolling area holds them. */
export function outOfView(): string[] {
  const root = document.documentElement;
  const scrolled = root.scrollWidth > root.clientWidth ? [`the page is ${root.scrollWidth} wide`] : [];
  const held = (element: Element): boolean => {
    for (let up = element.parentElement; up; up = up.parentElement)
      if (
        /auto|scroll/.test(getComputedStyle(up).overflowX) &&
        up.getBoundingClientRect().right <= root.clientWidth + 1
      )
        return true;
    return false;
  };
  const wide = [...document.querySelectorAll('body *')].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    return width > 1 && element.checkVisibility() && (right > root.clientWidth + 1 || left < -1) && !held(element);
  });
  // Cards and bubbles clip what is too wide: words would be cut there.
  const cut = [...document.querySelectorAll<HTMLElement>('.card, .bubble, .post-text')].filter(
    (element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1,
  );
  return [...scrolled, ...[...wide, ...cut].map((element) => `${element.tagName} ${element.className}`)];
}

/** Buttons and fields that a finger can hardly hit: less than `least` CSS pixels wide or high (WCAG 2.5.8 asks for 24). */
export function smallTargets(least: number): string[] {
  return [...document.querySelectorAll<HTMLElement>('button, input, select, textarea, summary, a')].flatMap(
    (element) => {
      const target = element.closest('label') ?? element;
      const { width, height } = target.getBoundingClientRect();
      const inText = getComputedStyle(element).display === 'inline';
      if (!element.checkVisibility() || inText || (width >= least && height >= least)) return [];
      return [
        `${element.tagName} ${element.className} ${Math.round(width)}×${Math.round(height)} ${element.innerText}`,
      ];
    },
  );
}

/** Texts with less contrast than WCAG AA: 4.5, and 3 for large ones. What is disabled is not counted. */
export function faintTexts(): string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!canvas) throw new Error('no canvas');
  type Colour = [red: number, green: number, blue: number, alpha: number];
  const read = (css: string): Colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (front: Colour, back: Colour): Colour => {
    const mix = (index: 0 | 1 | 2) => front[index] * front[3] + back[index] * (1 - front[3]);
    return [mix(0), mix(1), mix(2), 1];
  };
  const behind = (element: Element): Colour => {
    const layers: Colour[] = [];
    for (let up: Element | null = element; up; up = up.parentElement)
      layers.push(read(getComputedStyle(up).backgroundColor));
    return layers.reduceRight((back, layer) => over(layer, back), read('Canvas'));
  };
  const light = (colour: Colour): number => {
    const part = (index: 0 | 1 | 2) => {
      const value = colour[index] / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2);
  };
  const faint: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    const text = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent)
      .join('');
    if (text.trim() === '' || !element.checkVisibility() || element.matches(':disabled, :disabled *')) continue;
    const style = getComputedStyle(element);
    const back = behind(element);
    const [one, two] = [light(over(read(style.color), back)), light(back)];
    const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (large ? 3 : 4.5)) faint.push(`${contrast.toFixed(2)} ${element.className}: ${text.trim()}`);
  }
  return faint;
}
