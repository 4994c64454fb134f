import type { Stage } from '../stage.ts';
import { BadInput } from '../stage.ts';
import type { Call } from '../state.ts';
import { KarteApi } from './api.ts';
import { CustomerHandle } from './customer.ts';
import type { HooksOptions } from './hooks.ts';
import { Hooks } from './hooks.ts';
import { Project } from './project.ts';

/** The KARTE side: a project, its customers, the API the product calls and the hooks it gets. */
export function createKarte(stage: Stage, options: HooksOptions) {
  const project = new Project(stage);
  const hooks = new Hooks(stage, project, options);
  const api = new KarteApi(project, hooks);
  return {
    api,
    hooks,
    /** Keys, scopes and operators; change them freely. */
    get project() {
      return project.data;
    },
    /** What KARTE leaves undocumented. */
    get settings() {
      return project.settings;
    },
    /** A customer by id, or by `user_id` or `visitor_id`; the latter two are made when there is none. */
    customer(who: string | { user_id?: string; visitor_id?: string; name?: string }): CustomerHandle {
      if (typeof who === 'string') return new CustomerHandle(project, hooks, project.customer(who));
      const id = who.user_id ?? who.visitor_id;
      if (!id) throw new BadInput('A user_id or a visitor_id is needed.');
      const found = project.find(id) ?? project.addCustomer({ ...who, kind: who.user_id ? 'member' : 'visitor' });
      return new CustomerHandle(project, hooks, found);
    },
    addCustomer: project.addCustomer.bind(project),
    /** Calls of the product to the API, oldest first. */
    get calls(): Call[] {
      return stage.calls.filter(({ side }) => side === 'karte');
    },
  };
}

export type KarteSide = ReturnType<typeof createKarte>;
