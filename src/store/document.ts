import type { Versioned } from '../desk/ports.ts';
import type { CollectionSpec } from './store.ts';

/** A document as the store sees it: an id, perhaps an end, and fields that only its collection's spec names. */
export type Document = Record<string, unknown> & { id: string; expiresAt?: number };

/** The part of the store that a document lives in. */
export function partitionOf(spec: CollectionSpec, value: Document): string {
  return String(value[spec.partition]);
}

/** The fields kept where the database can search and sort by them. */
export function indexedFields(spec: CollectionSpec): string[] {
  return [...new Set([...spec.where, spec.sort])];
}

/** Throws a TypeError for a field that the collection can't be searched by: such a query would read everything there is. */
export function checkWhere(name: string, spec: CollectionSpec, where: object): void {
  for (const field of Object.keys(where)) {
    if (!spec.where.includes(field)) throw new TypeError(`${name} can't be searched by ${field}`);
  }
}

/** A document read back from its text, so that what the caller holds is nobody else's. */
export function versioned(version: string | number, body: string): Versioned<Document> {
  return { value: JSON.parse(body) as Document, version: String(version) };
}
