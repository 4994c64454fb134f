import type { Limits } from '../attachments/attachments.ts';
import { download } from '../attachments/download.ts';
import type { FetchedFile } from '../desk/ports.ts';
import type { DeskSettings } from '../desk/settings.ts';
import { pictureHosts } from './cloud.ts';
import type { Poster } from './poster.ts';
import type { BotSettings } from './token.ts';

/** Pictures that people pasted into a message: Teams gives them to the bot alone, by its token, which is shown to Teams' own hosts only. */
export class TeamsPictures {
  readonly #poster: Poster;
  readonly #hosts: readonly string[];
  readonly #local: boolean;

  /** `local`: there is no Teams but the simulator, at the desk's own service address. */
  constructor(poster: Poster, settings: BotSettings, local: boolean) {
    this.#poster = poster;
    this.#hosts = pictureHosts(settings);
    this.#local = local;
  }

  async fetch(url: string, { serviceUrl }: DeskSettings, limits: Limits): Promise<FetchedFile> {
    const own = this.#local && URL.canParse(serviceUrl) ? new URL(serviceUrl).origin : undefined;
    const deadline = AbortSignal.timeout(limits.patience);
    const get = (bearer: string | undefined) => download(url, { hosts: this.#hosts, own, bearer, ...limits });
    const isStale = (got: FetchedFile) => got.kind === 'refused' && got.code === 'picture.notAllowed';
    const got = await this.#poster.authorized(deadline, get, isStale);
    return got ?? { kind: 'refused', code: 'picture.unavailable', transient: true };
  }
}
