import type { Complaint } from './apiError.ts';
import { invalidProperty } from './apiError.ts';

export type Fields = Record<string, unknown>;

const urlLimit = 2_000;

/** Looks at one JSON object of a request, property by property, and collects what LINE complains about. */
export class Check {
  readonly complaints: Complaint[];
  readonly fields: Fields;
  readonly #path: string;
  readonly #httpHere: boolean;

  /** `path` is empty for the body itself. `httpHere` lets addresses of this machine pass without TLS. */
  constructor(value: unknown, path = '', complaints: Complaint[] = [], httpHere = false) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) invalidProperty(path || 'body');
    this.fields = value as Fields;
    this.#path = path;
    this.complaints = complaints;
    this.#httpHere = httpHere;
  }

  complain(name: string, message: string): void {
    this.complaints.push({ message, property: this.at(name) });
  }

  at(name: string): string {
    return this.#path ? `${this.#path}.${name}` : name;
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined && this.fields[name] !== null;
  }

  /** A text that must be there; lengths count UTF-16 units, as LINE does. */
  text(name: string, most = Number.POSITIVE_INFINITY): string {
    if (!this.has(name) || this.fields[name] === '') {
      this.complain(name, 'May not be empty');
      return '';
    }
    return this.optionalText(name, most) ?? '';
  }

  optionalText(name: string, most = Number.POSITIVE_INFINITY): string | undefined {
    if (!this.has(name)) return undefined;
    const value = this.fields[name];
    if (typeof value !== 'string') invalidProperty(this.at(name));
    if (value.length > most) this.complain(name, `Length must be between 0 and ${most}`);
    return value;
  }

  oneOf(name: string, allowed: readonly string[]): string {
    const value = this.text(name);
    if (value !== '' && !allowed.includes(value))
      this.complain(name, `Must be one of the following values: [${allowed.join(', ')}]`);
    return value;
  }

  number(name: string, least: number, most: number, whole = false): number | undefined {
    if (!this.has(name)) {
      this.complain(name, 'May not be null');
      return undefined;
    }
    const value = this.fields[name];
    if (typeof value !== 'number' || (whole && !Number.isInteger(value))) invalidProperty(this.at(name));
    if (value < least || value > most) this.complain(name, `Must be between ${least} and ${most}`);
    return value;
  }

  boolean(name: string): void {
    if (this.has(name) && typeof this.fields[name] !== 'boolean') invalidProperty(this.at(name));
  }

  /** An https address of at most 2,000 characters, percent-encoded. */
  url(name: string, most = urlLimit): void {
    const value = this.text(name);
    if (value === '') return;
    if (value.length > most) this.complain(name, `Length must be between 0 and ${most}`);
    if (/[^\x21-\x7e]/.test(value) || !URL.canParse(value)) this.complain(name, 'Must be a valid URL');
    else if (!value.startsWith('https:') && !(this.#httpHere && isHere(value)))
      this.complain(name, 'Must be a valid HTTPS URL');
  }

  /** The members of an array of objects, each to be checked. */
  list(name: string, least: number, most: number): Check[] {
    if (!this.has(name)) {
      this.complain(name, 'May not be empty');
      return [];
    }
    const value = this.fields[name];
    if (!Array.isArray(value)) invalidProperty(this.at(name));
    if (value.length < least || value.length > most) this.complain(name, `Size must be between ${least} and ${most}`);
    return value.map((each, at) => new Check(each, `${this.at(name)}[${at}]`, this.complaints, this.#httpHere));
  }

  object(name: string): Check | undefined {
    if (!this.has(name)) {
      this.complain(name, 'May not be null');
      return undefined;
    }
    return new Check(this.fields[name], this.at(name), this.complaints, this.#httpHere);
  }

  optional(name: string): Check | undefined {
    return this.has(name) ? this.object(name) : undefined;
  }
}

/** Is it an http address of this machine? */
export function isHere(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** A webhook URL is https, or of this machine, which has no certificate. */
export function isWebhookUrl(url: string): boolean {
  if (url.length > 500 || /[^\x21-\x7e]/.test(url) || !URL.canParse(url)) return false;
  return new URL(url).protocol === 'https:' || isHere(url);
}
