/** Finds problems in the HTML of a page template, which it parses as a browser does. */
import { parse, type DefaultTreeAdapterTypes, type Token } from 'parse5';
import { suggestMailto } from '../check/did-you-mean.ts';
import { forbiddenAttribute, forbiddenElement, forbiddenInStyle } from './forbidden-markup.ts';
import type { PageProblem } from './page-problem.ts';

type Element = DefaultTreeAdapterTypes.Element;

/** The parse errors after which a visitor would not see the page as it was meant. */
const severe: Readonly<Record<string, string>> = {
  'eof-in-comment': 'has a comment that is not closed: nothing after it is shown',
  'abrupt-closing-of-empty-comment': 'has a comment that ends where it begins, <!-->; write <!-- -->',
  'incorrectly-closed-comment': 'has a comment that ends with --!>; write -->',
  'eof-in-tag': 'has a tag that is not closed: nothing after it is shown',
  'eof-in-script-html-comment-like-text': 'has a <!-- inside <script> that hides its end',
  'duplicate-attribute': 'has the same attribute twice in one tag: the second is ignored',
};

/** Examines the markup, styles and scripts of a template. Never throws. */
export function checkMarkup(html: string): PageProblem[] {
  const problems: PageProblem[] = [];
  const document = parse(html, {
    sourceCodeLocationInfo: true,
    // Examine the content of <noscript> too.
    scriptingEnabled: false,
    onParseError({ code, startLine }) {
      const problem = severe[code];
      if (problem !== undefined) problems.push({ line: startLine, problem });
    },
  });
  return [...problems, ...elementsIn(document).flatMap((element) => [...problemsOf(element, html)])];
}

function elementsIn(node: DefaultTreeAdapterTypes.Node): Element[] {
  const children = 'content' in node ? node.content.childNodes : 'childNodes' in node ? node.childNodes : [];
  return [...('tagName' in node ? [node] : []), ...children.flatMap(elementsIn)];
}

function* problemsOf(element: Element, html: string): Iterable<PageProblem> {
  const { tagName, attrs, sourceCodeLocation: location } = element;
  // The parser adds elements that are not in the source, such as <body>.
  if (!location) return;
  const attributes = new Map(attrs.map((attribute) => [nameOf(attribute), attribute.value.trim()]));
  const problem = forbiddenElement(tagName, attributes);
  if (problem !== undefined) yield { line: location.startLine, problem };
  for (const attribute of attrs) {
    const name = nameOf(attribute);
    const { startLine: line, startOffset, endOffset } = location.attrs?.[name] ?? location;
    const source = html.slice(startOffset, endOffset);
    const found = [
      forbiddenAttribute(tagName, name, attributes),
      bareAddress(attribute),
      isToken(attribute, source)
        ? `has a token outside of text and quoted values (<${tagName} ${source}>)`
        : undefined,
    ];
    for (const one of found) if (one !== undefined) yield { line, problem: one };
  }
  if (tagName === 'style' || tagName === 'script') yield* checkInline(element, location, html);
}

function nameOf({ prefix, name }: Token.Attribute): string {
  return prefix ? `${prefix}:${name}` : name;
}

/** A mail address without `mailto:` is for a browser a page of the site. */
function bareAddress({ name, value }: Token.Attribute): string | undefined {
  const href = value.trim();
  const suggestion = name === 'href' ? suggestMailto(href) : '';
  return suggestion === '' ? undefined : `links to a page of the site called ${href}${suggestion}`;
}

/** True for a token that would be an attribute itself, or could end the value that it stands in. */
function isToken({ name, value }: Token.Attribute, source: string): boolean {
  return name.includes('{{') || (value.includes('{{') && !/["']$/.test(source));
}

/**
 * Examines a style or a script: its content, and its form. The Content-Security-Policy has no hash for a form that
 * src/page/template.ts does not find.
 */
function* checkInline(
  { tagName, childNodes }: Element,
  { startLine: line, startOffset, endOffset, startTag, endTag }: Token.ElementLocation,
  html: string,
): Iterable<PageProblem> {
  if (tagName === 'style') {
    const content = childNodes.map((node) => ('value' in node ? node.value : '')).join('');
    const before = (startTag?.endLine ?? line) - 1;
    for (const found of forbiddenInStyle(content)) yield { ...found, line: before + found.line };
  }
  const source = html.slice(startOffset, endOffset);
  const isPlain = source.startsWith(`<${tagName}>`) && source.endsWith(`</${tagName}>`);
  if (endTag === undefined) yield { line, problem: `has a <${tagName}> that is not closed` };
  else if (!isPlain)
    yield {
      line,
      problem: 'has a <style> or <script> with attributes; only plain inline elements are allowed',
    };
}
