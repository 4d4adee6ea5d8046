/** What a page may not hold because its Content-Security-Policy (see src/page/page.ts) would refuse it. */

const START_TAG = /<([a-z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?/g;

// Attributes whose value is fetched, and where a data: URL in them may be an image.
const FETCHED = new Set(['src', 'srcset', 'imagesrcset', 'poster', 'data', 'background', 'xlink:href']);
const FETCHED_HREF = new Set(['link', 'image', 'feimage', 'use']);
const FETCHED_LINK = new Set(['stylesheet', 'icon', 'preload', 'modulepreload', 'prefetch']);
const NO_IMAGE = new Set(['iframe', 'object', 'embed', 'audio', 'track', 'use', 'script']);

/**
 * Examines the markup and the styles of a page.
 * @param markup the page without the contents of its `<style>` and `<script>` elements
 * @param styles the contents of its `<style>` elements
 * @returns what is forbidden, a sentence each that goes on from the file's name
 */
export function forbiddenMarkup(markup: string, styles: readonly string[]): string[] {
  const inTags = [...markup.matchAll(START_TAG)].flatMap(([, tag = '', text = '']) =>
    forbiddenInTag(tag.toLowerCase(), attributesIn(text)),
  );
  return [...inTags, ...styles.flatMap(forbiddenInStyle)].map(
    (what) => `${what}, which the Content-Security-Policy forbids`,
  );
}

function attributesIn(text: string): Map<string, string> {
  const found = [...text.matchAll(ATTRIBUTE)].map(
    ([, name = '', double, single, bare]) =>
      [name.toLowerCase(), (double ?? single ?? bare ?? '').trim()] as const,
  );
  return new Map(found);
}

function forbiddenInTag(tag: string, attributes: ReadonlyMap<string, string>): string[] {
  const found = [...attributes].flatMap(([name, value]) => {
    if (name === 'style') return [`has a style attribute (<${tag} style>)`];
    if (/^on[a-z]+$/.test(name)) return [`has an event handler attribute (<${tag} ${name}>)`];
    if (/^javascript:/i.test(value)) return [`has a javascript: URL (<${tag} ${name}>)`];
    return isFetched(tag, name, attributes) && !isEmbedded(tag, name, value)
      ? [`loads ${value} (<${tag} ${name}>; images can be put in as data: URLs)`]
      : [];
  });
  if (tag === 'form' || attributes.has('formaction')) found.push('has a form');
  if (tag === 'base') found.push('has a <base> element');
  return found;
}

function isFetched(tag: string, name: string, attributes: ReadonlyMap<string, string>): boolean {
  if (FETCHED.has(name)) return true;
  if (name !== 'href' || !FETCHED_HREF.has(tag)) return false;
  const relations = (attributes.get('rel') ?? '').toLowerCase().split(/\s+/);
  return tag !== 'link' || relations.some((relation) => FETCHED_LINK.has(relation));
}

/** Whether a value is in the page itself: nothing, a fragment, or images as data: URLs. */
function isEmbedded(tag: string, name: string, value: string): boolean {
  if (value === '' || value.startsWith('#')) return true;
  if (NO_IMAGE.has(tag) || (name === 'src' && ['video', 'source'].includes(tag))) return false;
  const urls = name.endsWith('srcset') ? value.split(/,\s+/) : [value];
  return urls.every((url) => /^data:/i.test(url));
}

function forbiddenInStyle(style: string): string[] {
  const urls = [...style.matchAll(/\b(?:url|image-set)\(\s*["']?(?!url\()([^"')]*)/gi)].map(
    ([, url = '']) => url,
  );
  return [
    ...(/@import\b/i.test(style) ? ['loads a style sheet (@import)'] : []),
    ...urls
      .filter((url) => !/^(?:#|data:image\/)/i.test(url))
      .map((url) => `loads ${url.slice(0, 80)} (url() in <style>; images can be put in as data: URLs)`),
  ];
}
