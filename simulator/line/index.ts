import type { Request } from '../http.ts';
import type { Stage } from '../stage.ts';
import type { Call } from '../state.ts';
import { AccountHandle } from './account.ts';
import { type Host, LineApi } from './api.ts';
import { Book } from './book.ts';
import { CustomerHandle } from './customer.ts';
import type { LineHooksOptions } from './hooks.ts';
import { LineHooks } from './hooks.ts';
import { Loader } from './loader.ts';
import { Rates } from './rates.ts';
import { ReplyTokens } from './replyTokens.ts';
import type { LineSide } from './surface.ts';
import type { NewLineAccount, NewLineCustomer } from './world.ts';

export interface LineOptions extends LineHooksOptions {
  /** LINE's rate limits, default true. */
  enforceLimits?: boolean;
  /** First value of {@link LineSettings.plainHttpHere}, default false. */
  plainHttpHere?: boolean;
}

/** The LINE side: accounts, their customers, the API the product calls and the webhooks it gets. */
export function createLine(stage: Stage, options: LineOptions) {
  const book = new Book(stage, options.plainHttpHere ?? false);
  const tokens = new ReplyTokens(stage.now);
  const hooks = new LineHooks(book, tokens, options);
  const rates = new Rates(stage.now, options.enforceLimits !== false);
  const api = new LineApi(book, hooks, tokens, rates);
  const loader = new Loader(options.botUrl, options.publicUrl ?? 'https://desk.example.test');
  const room = { book, hooks, tokens, loader };
  stage.onReset(() => tokens.clear());

  const side: LineSide & { route(host: Host): (request: Request) => ReturnType<LineApi['route']> } = {
    route: (host) => (request) => api.route(host, request),
    account(which?: string | NewLineAccount) {
      const state = typeof which === 'object' ? book.addAccount(which) : book.account(which);
      return new AccountHandle(book, hooks, state);
    },
    customer(who: string | NewLineCustomer, account?: string) {
      if (typeof who === 'string') {
        const among = account === undefined ? undefined : book.account(account);
        return new CustomerHandle(room, book.customer(who, among));
      }
      const at = book.account(account);
      const known = who.userId ?? who.name;
      const found = known === undefined ? undefined : book.find(known, at);
      return new CustomerHandle(room, found ?? book.addCustomer(at, who));
    },
    get calls(): Call[] {
      return stage.calls.filter(({ side }) => side === 'line');
    },
    hooks: hooks.sent,
    get settings() {
      return book.settings;
    },
    limits: rates,
    together: (work) => hooks.together(work),
  };
  return side;
}

export type Line = ReturnType<typeof createLine>;
