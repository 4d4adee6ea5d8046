/** Finds markup that the page's Content-Security-Policy (see src/page/create-page.ts) would refuse. */
import { lineAt, withoutComments, type PageProblem } from './page-problem.ts';

// Attributes whose value the browser fetches, and the elements in which a data: URL may be an image.
const FETCHED = new Set([
  'src',
  'srcset',
  'imagesrcset',
  'poster',
  'data',
  'background',
  'xlink:href',
  'ping',
]);
const FETCHED_HREF = new Set(['link', 'image', 'feimage', 'use']);
const FETCHED_LINK = new Set(['stylesheet', 'icon', 'preload', 'modulepreload', 'prefetch', 'manifest']);
const NO_IMAGE = new Set(['iframe', 'object', 'embed', 'audio', 'track', 'use', 'script', 'a', 'area']);
const NAVIGATED = new Set(['href', 'xlink:href', 'src', 'data', 'action', 'formaction']);

/** The attributes of an element by name, with the values that a browser reads. */
export type Attributes = ReadonlyMap<string, string>;

/**
 * Examines an element apart from its attributes.
 * @param tag its name, in lower case
 * @returns the fault, which continues a sentence that begins with the file's name; undefined if it is allowed
 */
export function forbiddenElement(tag: string, attributes: Attributes): string | undefined {
  if (tag === 'form' || attributes.has('formaction')) return forbidden('has a form');
  return tag === 'base' ? forbidden('has a <base> element') : undefined;
}

/** Examines one attribute of an element, as `forbiddenElement` does the element. */
export function forbiddenAttribute(tag: string, name: string, attributes: Attributes): string | undefined {
  const value = attributes.get(name) ?? '';
  if (name === 'style') return forbidden(`has a style attribute (<${tag} style>)`);
  if (/^on[a-z]+$/.test(name)) return forbidden(`has an event handler attribute (<${tag} ${name}>)`);
  // Tabs and line breaks do not count: https://url.spec.whatwg.org/#concept-basic-url-parser
  if (NAVIGATED.has(name) && /^javascript:/i.test(value.replace(/[\t\n\r]/g, '')))
    return forbidden(`has a javascript: URL (<${tag} ${name}>)`);
  if (!isFetched(tag, name, attributes) || isEmbedded(tag, name, value)) return undefined;
  return forbidden(`loads ${value.slice(0, 80)} (<${tag} ${name}>; images can be put in as data: URLs)`);
}

function forbidden(what: string): string {
  return `${what}, which the Content-Security-Policy forbids`;
}

function isFetched(tag: string, name: string, attributes: Attributes): boolean {
  if (FETCHED.has(name)) return true;
  if (name !== 'href' || !FETCHED_HREF.has(tag)) return false;
  const relations = (attributes.get('rel') ?? '').toLowerCase().split(/\s+/);
  return tag !== 'link' || relations.some((relation) => FETCHED_LINK.has(relation));
}

/** True if a value needs no request: it is empty, a fragment, or images as data: URLs. */
function isEmbedded(tag: string, name: string, value: string): boolean {
  if (value === '' || value.startsWith('#')) return true;
  if (NO_IMAGE.has(tag) || (name === 'src' && ['video', 'source'].includes(tag))) return false;
  const urls = name.endsWith('srcset') ? value.split(/,\s+/) : [value];
  return urls.every((url) => /^data:/i.test(url));
}

/** Finds what the content of a `<style>` loads. The first line of the content is line 1. */
export function* forbiddenInStyle(style: string): Iterable<PageProblem> {
  const css = withoutComments(style);
  for (const { index } of css.matchAll(/@import\b/gi))
    yield { line: lineAt(css, index), problem: forbidden('loads a style sheet (@import)') };
  for (const { index, 1: url = '' } of css.matchAll(/\b(?:url|image-set)\(\s*["']?(?!url\()([^"')]*)/gi)) {
    const what = `loads ${url.slice(0, 80)} (url() in <style>; images can be put in as data: URLs)`;
    if (!/^(?:#|data:image\/)/i.test(url)) yield { line: lineAt(css, index), problem: forbidden(what) };
  }
}
