/** Finds problems in the HTML of a page template, which it parses as a browser does. */
import { parse, type DefaultTreeAdapterTypes, type Token } from 'parse5';
import { suggestMailto } from '../mail-address.ts';
import type { PageProblem } from './page-problem.ts';
import { forbiddenInElement, forbiddenInStyle } from './forbidden-markup.ts';

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
  for (const element of elementsIn(document)) problems.push(...checkElement(element, html));
  return problems;
}

function elementsIn(node: DefaultTreeAdapterTypes.Node): Element[] {
  const children = 'content' in node ? node.content.childNodes : 'childNodes' in node ? node.childNodes : [];
  return [...('tagName' in node ? [node] : []), ...children.flatMap(elementsIn)];
}

function checkElement(element: Element, html: string): PageProblem[] {
  const location = element.sourceCodeLocation;
  // The parser adds elements that are not in the source, such as <body>.
  if (!location) return [];
  const { tagName, attrs } = element;
  const attributes = new Map(attrs.map((attribute) => [nameOf(attribute), attribute.value.trim()]));
  const inAttributes = attrs.flatMap((attribute) => {
    const at = location.attrs?.[nameOf(attribute)] ?? location;
    const source = html.slice(at.startOffset, at.endOffset);
    return [
      ...forbiddenInElement(tagName, nameOf(attribute), attributes),
      ...(attribute.name === 'href' ? bareAddress(attribute.value.trim()) : []),
      ...(isToken(attribute, source)
        ? [`has a token outside of text and quoted values (<${tagName} ${source}>)`]
        : []),
    ].map((problem) => ({ line: at.startLine, problem }));
  });
  return [
    ...inAttributes,
    ...forbiddenInElement(tagName, undefined, attributes).map((problem) => ({
      line: location.startLine,
      problem,
    })),
    ...(tagName === 'style' || tagName === 'script' ? checkInline(element, location, html) : []),
  ];
}

/** Finds a mail address without `mailto:`. A browser takes it for a page of the site. */
function bareAddress(href: string): string[] {
  const suggestion = suggestMailto(href);
  return suggestion === '' ? [] : [`links to a page of the site called ${href}${suggestion}`];
}

/** True for a token that would be an attribute itself, or could end the value that it stands in. */
function isToken({ name, value }: Token.Attribute, source: string): boolean {
  if (name.includes('{{')) return true;
  return value.includes('{{') && !/["']$/.test(source);
}

function nameOf({ prefix, name }: Token.Attribute): string {
  return prefix ? `${prefix}:${name}` : name;
}

/**
 * Examines a style or a script: its content, and its form. The Content-Security-Policy has no hash for a form that
 * src/page/template.ts does not find.
 */
function checkInline(
  { tagName, childNodes }: Element,
  { startLine, startOffset, endOffset, startTag, endTag }: Token.ElementLocation,
  html: string,
): PageProblem[] {
  const content = childNodes.map((node) => ('value' in node ? node.value : '')).join('');
  const inStyle = tagName === 'style' ? forbiddenInStyle(content) : [];
  const contentLine = startTag?.endLine ?? startLine;
  const found = inStyle.map(({ offset, problem }) => ({
    line: contentLine + content.slice(0, offset).split('\n').length - 1,
    problem,
  }));
  if (endTag === undefined) {
    return [...found, { line: startLine, problem: `has a <${tagName}> that is not closed` }];
  }
  const source = html.slice(startOffset, endOffset);
  const isPlain = source.startsWith(`<${tagName}>`) && source.endsWith(`</${tagName}>`);
  const problem = 'has a <style> or <script> with attributes; only plain inline elements are allowed';
  return isPlain ? found : [...found, { line: startLine, problem }];
}
