/** Makes the page that shows all answers, with controls to choose among them. */
import { escapeHtml } from '../../page/create-page.ts';
import { choices, type Sample } from './samples.ts';

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { margin: 0; }
  header { position: sticky; top: 0; z-index: 1; padding: 0.75em 1em; background: Canvas; border-bottom: 1px solid GrayText; }
  form { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5em 1.25em; }
  select { font: inherit; padding: 0.2em; }
  ul { margin: 0.5em 0 0; padding-inline-start: 1.25em; color: light-dark(#a3201a, #ffa198); }
  main { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 1.5em; padding: 1em; }
  figure { margin: 0; max-width: 100%; }
  figcaption { margin-bottom: 0.25em; max-width: 40em; }
  .frame { max-width: 100%; overflow: auto; border: 1px solid GrayText; border-radius: 6px; }
  .marked .frame { outline: 3px solid #d33; }
  .marked b { color: light-dark(#a3201a, #ffa198); }
  iframe { display: block; border: 0; background: Canvas; }
  pre { margin: 0; padding: 1em; white-space: pre-wrap; overflow-wrap: anywhere; }
`;

const SCRIPT = `
  const samples = JSON.parse(document.getElementById('samples').textContent);
  const form = document.forms[0];
  const main = document.querySelector('main');
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const nameOf = (tag) => names.of(tag) + ' (' + tag + ')';

  // Show English first: every reader of this page can judge it.
  const tags = [...new Set(samples.map(({ language }) => language))]
    .sort((a, b) => (b === 'en') - (a === 'en') || names.of(a).localeCompare(names.of(b)));
  for (const tag of tags) form.language.add(new Option(nameOf(tag), tag));
  form.language.add(new Option('every language', 'all'));

  // Keep the choices over a reload.
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    const select = form.elements[name];
    if (select && [...select.options].some((option) => option.value === value)) select.value = value;
  }
  form.onchange = show;
  show();

  function show() {
    const chosen = Object.fromEntries(new FormData(form));
    history.replaceState(null, '', '#' + new URLSearchParams(chosen));
    const shown = samples
      .filter((sample) =>
        sample.form === chosen.form && sample.occasion === chosen.occasion && sample.site === chosen.site &&
        (sample.form === 'last resort' || chosen.language === 'all' || sample.language === chosen.language))
      .sort((a, b) => tags.indexOf(a.language) - tags.indexOf(b.language));
    const widths = chosen.width.match(/\\d+/g);
    const widthsOf = ({ mediaType }) => (mediaType === 'text/html' ? widths : widths.slice(-1));
    main.replaceChildren(
      ...shown.flatMap((sample) => widthsOf(sample).map((width) => figureOf(sample, width, chosen.scheme))));
    count();
  }

  function figureOf(sample, width, scheme) {
    const isPage = sample.mediaType === 'text/html';
    const figure = document.createElement('figure');
    figure.innerHTML = '<figcaption></figcaption><div class="frame">' + (isPage ? '<iframe>' : '<pre>');
    const [caption, box] = figure.children;
    caption.textContent = nameOf(sample.language) + ', ' +
      (isPage ? sample.size + ' bytes, ' + width + ' px ' : sample.mediaType);
    box.style.width = width + 'px';
    const content = box.firstChild;
    content.style.colorScheme = scheme;
    if (isPage) showPage(content, sample, width, figure);
    else content.textContent =
      sample.mediaType.endsWith('json') ? JSON.stringify(JSON.parse(sample.body), null, 2) : sample.body;
    return figure;
  }

  function showPage(frame, sample, width, figure) {
    frame.title = sample.language + ', ' + width + ' px';
    frame.width = width;
    frame.height = 640;
    frame.srcdoc = sample.body;
    frame.onload = () => {
      const { documentElement, body } = frame.contentDocument;
      const wide = documentElement.scrollWidth - documentElement.clientWidth;
      if (wide > 0) {
        figure.className = 'marked';
        figure.firstChild.appendChild(document.createElement('b')).textContent = wide + ' px too wide';
      }
      // Show the whole page.
      frame.height = Math.max(640, documentElement.scrollHeight);
      // Do not follow links in the preview.
      body.addEventListener('click', (event) => {
        if (event.target.closest('a')) { event.preventDefault(); event.stopPropagation(); }
      }, true);
      count();
    };
  }

  function count() {
    const marked = main.querySelectorAll('.marked').length;
    form.querySelector('output').textContent = main.children.length + ' shown, ' + marked + ' marked';
  }
`;

/** The script that reloads the page when the template changes. */
const RELOAD = `new EventSource('/changes').onmessage = () => location.reload();`;

/** The values of each control. The script adds the languages. */
const controls: Readonly<Record<string, readonly string[]>> = {
  language: [],
  ...choices,
  width: ['320, 390 and 1280 px', '320 px', '390 px', '768 px', '1280 px'],
  scheme: ['light', 'dark'],
};

/**
 * A static HTML page with all samples in it.
 * @param problems what the check says of the template, by line
 * @param isLive true if the server that serves the page tells it to reload
 */
export function previewPage(
  name: string,
  samples: readonly Sample[],
  problems: readonly string[],
  isLive: boolean,
): string {
  const fields = Object.entries(controls).map(([control, values]) => {
    const items = values.map((value) => `<option>${value}</option>`);
    return `<select name="${control}" aria-label="${control}">${items.join('')}</select>`;
  });
  const refused = problems.map((problem) => `<li>${escapeHtml(problem)}</li>`);
  // Escape `<` in JSON: `</script` would end the script, and `<!--` would begin a comment.
  const json = JSON.stringify(samples).replaceAll(/<(?=[/!])/g, '\\u003c');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(name)}: preview</title>
<style>${STYLE}</style>
<header>
<form>${fields.join('\n')}<output></output></form>
${refused.length > 0 ? `<ul>${refused.join('\n')}</ul>` : ''}
</header>
<main></main>
<script type="application/json" id="samples">${json}</script>
<script>${SCRIPT}${isLive ? RELOAD : ''}</script>
</html>
`;
}
