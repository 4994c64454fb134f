import { randomUUID } from 'node:crypto';
import type { Container, RequestOptions, SqlParameter } from '@azure/cosmos';
import type { Collection, Query, Versioned } from '../desk/ports.ts';
import { type CosmosCalls, isAbsent, refusedWith, wasCut } from './cosmosCalls.ts';
import { checkWhere, type Document, partitionOf, versioned } from './document.ts';
import type { CollectionSpec } from './store.ts';

/** An item of the container. `kind` is its collection; `mark` is new with each write, which tells whose write was kept. */
interface Item {
  id: string;
  pk: string;
  kind: string;
  mark: string;
  value: Document;
  ttl?: number;
}

const PAGE = 100;

/** One collection inside the container that all share. */
export class CosmosCollection implements Collection<Document> {
  readonly #container: Container;
  readonly #calls: CosmosCalls;
  readonly #name: string;
  readonly #spec: CollectionSpec;
  readonly #now: () => number;

  constructor(container: Container, calls: CosmosCalls, name: string, spec: CollectionSpec, now: () => number) {
    this.#container = container;
    this.#calls = calls;
    this.#name = name;
    this.#spec = spec;
    this.#now = now;
  }

  async insert(value: Document): Promise<Versioned<Document> | undefined> {
    const item = this.#item(value);
    return this.#write(item, [409], (options) => this.#container.items.create(item, options));
  }

  read(partition: string, id: string): Promise<Versioned<Document> | undefined> {
    return this.#calls.ask(async (abortSignal) => {
      const { resource, etag } = await this.#point(partition, id, abortSignal);
      return resource && { value: resource.value, version: etag };
    });
  }

  async replace(value: Document, version: string): Promise<Versioned<Document> | undefined> {
    if (!isVersion(version)) return undefined;
    const item = this.#item(value);
    const accessCondition = { type: 'IfMatch', condition: version };
    return this.#write(item, [404, 412], (options) =>
      this.#container.item(item.id, item.pk).replace(item, { ...options, accessCondition }),
    );
  }

  async remove(partition: string, id: string, version?: string): Promise<boolean> {
    if (version !== undefined && !isVersion(version)) return false;
    const condition = version === undefined ? {} : { accessCondition: { type: 'IfMatch', condition: version } };
    return this.#calls.ask(async (abortSignal) => {
      try {
        await this.#container.item(itemId(id), this.#pk(partition)).delete({ ...condition, abortSignal });
        return true;
      } catch (error) {
        if (refusedWith(error, [404, 412])) return false;
        throw error;
      }
    });
  }

  /** Pages until there is enough; each page has the deadline for itself. */
  async find({
    partition,
    where = {},
    from,
    to,
    order,
    limit = Number.POSITIVE_INFINITY,
  }: Query): Promise<Versioned<Document>[]> {
    checkWhere(this.#name, this.#spec, where);
    const partitionKey = partition === undefined ? undefined : this.#pk(partition);
    const scope =
      partitionKey === undefined ? { name: 'kind', value: this.#name } : { name: 'pk', value: partitionKey };
    const fields = Object.entries(where);
    const sort = `c["value"]["${this.#spec.sort}"]`;
    const bounds = `${from === undefined ? '' : ` AND ${sort} >= @from`}${to === undefined ? '' : ` AND ${sort} <= @to`}`;
    const query = `SELECT c["value"], c["_etag"] FROM c WHERE c["${scope.name}"] = @scope${fields
      .map(([field], at) => ` AND c["value"]["${field}"] = @where${at}`)
      .join('')}${bounds} ORDER BY ${sort} ${order === 'descending' ? 'DESC' : 'ASC'}`;
    const parameters: SqlParameter[] = [
      { name: '@scope', value: scope.value },
      ...fields.map(([, value], at) => ({ name: `@where${at}`, value })),
      ...(from === undefined ? [] : [{ name: '@from', value: from }]),
      ...(to === undefined ? [] : [{ name: '@to', value: to }]),
    ];
    // One iterator outlives many deadlines, so that it gets no signal: a page that comes too late comes to nobody.
    const pages = this.#container.items.query<{ value: Document; _etag: string }>(
      { query, parameters },
      { partitionKey, maxItemCount: Math.max(1, Math.min(limit, PAGE)) },
    );
    const found: Versioned<Document>[] = [];
    while (found.length < limit && pages.hasMoreResults()) {
      const { resources } = await this.#calls.ask(() => pages.fetchNext());
      for (const { value, _etag } of resources ?? []) found.push({ value, version: _etag });
    }
    return found.slice(0, limit);
  }

  /**
   * Writes, and when the connection breaks under the first try, tries once more. A "no" to the second try may be due to the
   * first, whose answer was lost: the mark in the stored item tells.
   */
  #write(
    item: Item,
    noes: readonly number[],
    send: (options: RequestOptions) => Promise<{ etag: string }>,
  ): Promise<Versioned<Document> | undefined> {
    const body = JSON.stringify(item.value);
    return this.#calls.ask(async (abortSignal) => {
      const options = { abortSignal };
      try {
        return versioned((await send(options)).etag, body);
      } catch (error) {
        if (refusedWith(error, noes)) return undefined;
        if (!wasCut(error)) throw error;
      }
      try {
        return versioned((await send(options)).etag, body);
      } catch (error) {
        if (!refusedWith(error, noes)) throw error;
      }
      const { resource, etag } = await this.#point(partitionOf(this.#spec, item.value), item.value.id, abortSignal);
      return resource?.mark === item.mark ? versioned(etag, body) : undefined;
    });
  }

  async #point(partition: string, id: string, abortSignal: AbortSignal): Promise<{ resource?: Item; etag: string }> {
    const answer = await this.#container.item(itemId(id), this.#pk(partition)).read<Item>({ abortSignal });
    // The SDK hands a 404 over as an answer, whatever it is about.
    if (answer.statusCode === 404 && !isAbsent(answer.substatus)) throw new Error(`not found (${answer.substatus})`);
    return answer;
  }

  #item(value: Document): Item {
    return {
      id: itemId(value.id),
      pk: this.#pk(partitionOf(this.#spec, value)),
      kind: this.#name,
      mark: randomUUID(),
      value: JSON.parse(JSON.stringify(value)) as Document,
      ttl: value.expiresAt === undefined ? undefined : secondsUntil(value.expiresAt, this.#now()),
    };
  }

  #pk(partition: string): string {
    return `${this.#name}:${partition}`;
  }
}

/** An empty `If-Match` is no condition at all, and `*` fits every version: neither may write over anything. */
function isVersion(version: string): boolean {
  return version !== '' && version !== '*';
}

/** Cosmos DB takes whole seconds, from one up, counted from the write. */
function secondsUntil(end: number, now: number): number {
  return Math.min(2 ** 31 - 1, Math.max(1, Math.ceil((end - now) / 1000)));
}

/**
 * The item id of a document id: what Cosmos DB or a URL could stumble over becomes its code point, `~3f~` for a question mark.
 * So does a dot in front: `..` as the last step of a URL means the container.
 */
export function itemId(id: string): string {
  return id.replace(/^\.|[^A-Za-z0-9_.:@=-]/gu, (sign) => `~${sign.codePointAt(0)?.toString(16)}~`);
}
