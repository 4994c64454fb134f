import type { Site } from './site.ts';
import { until } from './until.ts';

/** Resolves when nothing waits in any instance and nothing open is stored. */
export async function quiet(site: Site, patience = 40_000): Promise<void> {
  await until(async () => {
    if (site.instances.some(({ desk }) => desk.lanes.depth().waiting > 0)) return false;
    return (await site.store.deliveries.find({ where: { state: 'open' }, limit: 1 })).length === 0;
  }, patience);
}

/** A figure of /metrics, as Prometheus reads it; `name` with its labels, if it has some. */
export async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  if (line === undefined) throw new Error(`/metrics has no ${name}`);
  return Number(line.slice(name.length + 1));
}
