import type { Fleet } from './fleet.ts';
import type { Instance } from './instance.ts';
import type { Outside } from './outside.ts';
import { PATIENCE, Play, type Scene } from './scenes.ts';
import type { ProofStore } from './stores.ts';
import { until } from './until.ts';
import { judge, type Verdict } from './verdict.ts';

/** The n-th time that a scene reaches a step. */
export interface Point {
  scene: Scene;
  step: string;
  occurrence: number;
}

export interface Played {
  verdict: Verdict;
  /** The steps that were reached, when nobody was to die. */
  steps: string[];
  /** Whether the process died where it was to. */
  died: boolean;
}

/** Plays scenes one after the other on one store, each to its end. */
export class Sweep {
  readonly #outside: Outside;
  readonly #fleet: Fleet;
  readonly #store: ProofStore;
  #plays = 0;

  constructor(outside: Outside, fleet: Fleet, store: ProofStore) {
    this.#outside = outside;
    this.#fleet = fleet;
    this.#store = store;
  }

  /** The points of a scene, from playing it undisturbed. */
  async pointsOf(scene: Scene): Promise<{ played: Played; points: Point[] }> {
    const played = await this.play(scene);
    const counts = new Map<string, number>();
    const points = played.steps.map((step) => {
      const occurrence = (counts.get(step) ?? 0) + 1;
      counts.set(step, occurrence);
      return { scene, step, occurrence };
    });
    return { played, points };
  }

  /** Plays a scene; the process that does it dies at the point, if one is given, and another goes on. */
  async play(scene: Scene, point?: Point): Promise<Played> {
    const play = await Play.open(this.#outside, this.#fleet, `play-${String(++this.#plays).padStart(4, '0')}`);
    try {
      await scene.prepare?.(play);
      const acting = await this.#begin(scene, play, point);
      const { instance } = acting;
      const died = () => instance.isOver;
      const over = () => acting.isDone() && (scene.isOver?.(play) ?? play.ledger.missing === 0);
      const rest = async () => over() && (await this.#store.rest(this.#fleet, PATIENCE));
      // What does not come to its end is for the verdict to tell.
      await until('the scene is over, or its process dies', async () => died() || (await rest()), PATIENCE).catch(
        () => undefined,
      );
      // It may die in this very moment: on a shared store the last write can be seen before the step that follows it.
      const steps = await instance.trace().catch(() => []);
      // A point that was not reached this time must not be the death of the next scene.
      await instance.disarm();
      if (died()) await this.#fleet.start();
      await until('the scene is over', rest, 2 * PATIENCE).catch(() => undefined);
      const { signal } = died() ? await instance.ended : { signal: null };
      return { verdict: judge(play.ledger), steps, died: signal === 'SIGKILL' };
    } finally {
      this.#outside.simulator.faults.clear();
      play.ledger.close();
      // What went wrong in one scene must not be the end of all others.
      if (this.#fleet.serving.length === 0) await this.#fleet.start();
    }
  }

  /** Lets a scene begin in a process that is armed for it. */
  async #begin({ act }: Scene, play: Play, point?: Point): Promise<{ instance: Instance; isDone(): boolean }> {
    const fleet = this.#fleet;
    const instance = act ? fleet.first : fleet.take();
    if (act) await until('nothing is under way before', () => this.#store.rest(fleet, PATIENCE), PATIENCE);
    await instance.loaded;
    await instance.trace();
    if (point) await instance.arm(point.step, point.occurrence);
    let done = false;
    const doing = act ? act(play) : fleet.start(instance);
    void doing.then(
      () => {
        done = true;
      },
      // A successor that dies before it listens: the one after it takes over.
      () => {
        done = instance.isOver;
      },
    );
    return { instance, isDone: () => done };
  }
}
