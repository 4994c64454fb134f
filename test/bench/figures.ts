/** What a run of the bench has found: printed line by line, with what was wanted beside it. */
export class Figures {
  missed = 0;

  /** A heading, or a remark that stands by itself. */
  title(text: string): void {
    process.stdout.write(`\n${text}\n`);
  }

  /** A figure that nothing is wanted of: a yardstick, or what explains another one. */
  line(what: string, figure: string): void {
    process.stdout.write(`  ${what.padEnd(58)} ${figure}\n`);
  }

  /** A figure with what is wanted; one that misses it makes the whole run fail. */
  wanted(what: string, figure: string, wish: string, good: boolean): void {
    if (!good) this.missed += 1;
    this.line(what, `${figure}  (wanted: ${wish}${good ? '' : ' - MISSED'})`);
  }
}

/** The value below which this share of an ascending list lies. */
export function at(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Milliseconds as people read them. */
export function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

/** A count a second; `cpu` is the processor time for one (µs). */
export function perSecond(value: number, cpu?: number): string {
  return `${Math.round(value)}/s${cpu === undefined ? '' : `  (${cpu.toFixed(0)} µs of processor time each)`}`;
}

/** The middle of some measurements: one disturbed by a neighbour counts for nothing. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
