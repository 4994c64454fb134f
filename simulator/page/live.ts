import type { SimulatorState } from '../state.ts';
import { get } from './api.ts';

export type Line = 'connecting' | 'open' | 'lost';

/**
 * Follows the simulator: reads its state whenever it says that something changed, one reading at a time.
 * When the line breaks it says so, tries again every two seconds and reads everything anew.
 */
export function follow(onState: (state: SimulatorState) => void, onLine: (line: Line) => void): void {
  const retryMs = 2_000;
  let reading = false;
  let again = false;
  let version = -1;
  let retry: ReturnType<typeof setTimeout> | undefined;

  async function read(): Promise<void> {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      do {
        again = false;
        const state = await get<SimulatorState>('state');
        onLine('open');
        if (state.version !== version) {
          version = state.version;
          onState(state);
        }
      } while (again);
    } catch {
      // Whatever the reason, the person sees the line as lost; a new state or event sets it right.
      onLine('lost');
      clearTimeout(retry);
      retry = setTimeout(read, retryMs);
    } finally {
      reading = false;
    }
  }

  function open(): void {
    const events = new EventSource('api/events');
    events.addEventListener('open', () => {
      // After a restart of the simulator versions may begin anew.
      version = -1;
      void read();
    });
    events.addEventListener('change', () => void read());
    events.addEventListener('error', () => {
      onLine('lost');
      if (events.readyState !== EventSource.CLOSED) return;
      events.close();
      setTimeout(open, retryMs);
    });
  }

  onLine('connecting');
  open();
  void read();
}
