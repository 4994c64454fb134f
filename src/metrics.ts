import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Environment } from './desk/ports.ts';

/** What Prometheus is told: HTTP answers, attempts at deliveries, and what waits. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #answers = new Histogram({
    name: 'madoguchi_http_seconds',
    help: 'Time until an HTTP request was answered',
    labelNames: ['route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2, 10],
    registers: [this.#registry],
  });
  readonly #attempts = new Counter({
    name: 'madoguchi_delivery_attempts_total',
    help: 'Attempts at deliveries by outcome',
    labelNames: ['toward', 'outcome', 'code'],
    registers: [this.#registry],
  });
  readonly #age = new Histogram({
    name: 'madoguchi_delivery_seconds',
    help: 'Age of a delivery when it arrived',
    labelNames: ['toward'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300, 3600],
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  answered(route: string, status: number, ms: number): void {
    this.#answers.observe({ route, status }, ms / 1000);
  }

  readonly observe: NonNullable<Environment['observe']> = ({ toward, outcome, code, age }) => {
    this.#attempts.inc({ toward, outcome, code: code ?? '' });
    if (outcome === 'delivered') this.#age.observe({ toward }, age / 1000);
  };

  /** Shows what waits whenever Prometheus asks. */
  watch(depth: () => { waiting: number; oldest: number }): void {
    this.#gauge('madoguchi_deliveries_waiting', 'Deliveries that wait', () => depth().waiting);
    this.#gauge('madoguchi_oldest_delivery_seconds', 'Age of the oldest waiting delivery', () => depth().oldest / 1000);
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(value());
      },
    });
  }
}
