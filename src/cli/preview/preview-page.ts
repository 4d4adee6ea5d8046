/** The page that shows all pages. */
import { escapeHtml } from '../../page/create-page.ts';
import type { PageProblem } from '../check-page/check-page.ts';
import type { Sample } from './samples.ts';

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { margin: 0; }
  header { position: sticky; top: 0; z-index: 1; padding: 0.75em 1em; background: Canvas; border-bottom: 1px solid GrayText; }
  form { display: flex; flex-wrap: wrap; gap: 0.5em 1.5em; }
  fieldset { display: flex; gap: 0.75em; margin: 0; padding: 0; border: 0; }
  ul { margin: 0.5em 0 0; padding-inline-start: 1.25em; color: light-dark(#a3201a, #ffa198); }
  main { display: flex; flex-wrap: wrap; gap: 1.5em; padding: 1em; }
  figure { margin: 0; }
  figcaption { margin-bottom: 0.25em; max-width: 40em; }
  .frame { overflow: hidden; border: 1px solid GrayText; border-radius: 6px; }
  .marked .frame { outline: 3px solid #d33; }
  .marked b { color: light-dark(#a3201a, #ffa198); }
  iframe { border: 0; transform-origin: 0 0; background: Canvas; }
`;

const SCRIPT = `
  const samples = JSON.parse(document.getElementById('samples').textContent);
  const form = document.forms[0];
  const main = document.querySelector('main');
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const sizes = { phone: [320, 640, 1], desktop: [1280, 720, 0.5] };

  // What was chosen outlives a reload.
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    const input = form.querySelector('[name="' + name + '"][value="' + value + '"]');
    if (input) input.checked = true;
  }
  form.onchange = show;
  show();

  function show() {
    const chosen = Object.fromEntries(new FormData(form));
    history.replaceState(null, '', '#' + new URLSearchParams(chosen));
    const shown = samples.filter((sample) =>
      sample.form === chosen.form && sample.method === chosen.method &&
      (sample.form === 'last resort' || String(sample.links) === chosen.links));
    main.replaceChildren(...shown.map((sample) => figureOf(sample, chosen)));
    count();
  }

  function figureOf(sample, chosen) {
    const [width, height, scale] = sizes[chosen.size];
    const figure = document.createElement('figure');
    const caption = figure.appendChild(document.createElement('figcaption'));
    caption.textContent = names.of(sample.language) + ' (' + sample.language + '), ' + sample.size + ' bytes ';
    const marks = caption.appendChild(document.createElement('b'));
    const box = figure.appendChild(document.createElement('div'));
    box.className = 'frame';
    box.style.cssText = 'width:' + width * scale + 'px;height:' + height * scale + 'px';
    const frame = box.appendChild(document.createElement('iframe'));
    frame.title = sample.language;
    frame.width = width;
    frame.height = height;
    frame.style.cssText = 'color-scheme:' + chosen.scheme + ';transform:scale(' + scale + ')';
    frame.onload = () => {
      const { documentElement, body } = frame.contentDocument;
      const problems = [];
      const wide = documentElement.scrollWidth - documentElement.clientWidth;
      if (wide > 0) problems.push(wide + ' px too wide');
      const id = frame.contentDocument.getElementById('id');
      const below = id ? Math.ceil(id.getBoundingClientRect().bottom) - height : 0;
      if (below > 0) problems.push('the ID is ' + below + ' px below the window');
      if (sample.form === 'page' && sample.method === 'GET' && sample.size > 6144) problems.push('larger than 6144 bytes');
      marks.textContent = problems.join(', ');
      figure.className = problems.length > 0 ? 'marked' : '';
      // Here the links lead nowhere.
      body.addEventListener('click', (event) => { if (event.target.closest('a')) event.preventDefault(); }, true);
      count();
    };
    frame.srcdoc = sample.html;
    return figure;
  }

  function count() {
    const marked = main.querySelectorAll('.marked').length;
    form.querySelector('output').textContent = main.children.length + ' shown, ' + marked + ' marked';
  }
`;

/** Refreshes what shows a template that is being edited. */
const RELOAD = `new EventSource('/changes').onmessage = () => location.reload();`;

const choices = [
  ['form', ['page', 'fragment', 'last resort']],
  ['method', ['GET', 'POST']],
  ['links', ['true', 'false'], ['with links', 'without links']],
  ['size', ['phone', 'desktop']],
  ['scheme', ['light', 'dark']],
] as const;

/**
 * A static HTML page with all samples in it.
 * @param problems what the check says of the template
 * @param isLive whether it is to be refreshed by the server that it comes from
 */
export function previewPage(
  name: string,
  samples: readonly Sample[],
  problems: readonly PageProblem[],
  isLive: boolean,
): string {
  const fields = choices.map(
    ([group, values, labels = values]) =>
      `<fieldset>${values
        .map(
          (value, i) =>
            `<label><input type="radio" name="${group}" value="${value}"${i === 0 ? ' checked' : ''}> ${labels[i]}</label>`,
        )
        .join('')}</fieldset>`,
  );
  const refused = problems.map(
    ({ line, problem }) => `<li>${escapeHtml(`${name}:${line}: ${problem}`)}</li>`,
  );
  // What looks like the end of the script is none in JSON.
  const json = JSON.stringify(samples).replaceAll('<', '\\u003c');
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
