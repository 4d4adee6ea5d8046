import { order, testFramework } from './support/framework.ts';

testFramework({
  name: 'Astro',
  app: 'astro',
  package: 'astro',
  done: 'pages, actions by a script and by a form, client navigation with ClientRouter',
  build: ['astro/bin/astro.mjs', 'build'],
  serve: ['dist/server/entry.mjs'],
  scripted: '#action',
  plain: '#plain',
  ordered: /Ordered Assam/,
  deeds: [
    // Astro's router sends a script's request. It does not take JSON for a page, and lets the browser load the
    // address.
    { does: 'link', act: (tab) => tab.click('text=Next'), form: 'json', sees: /Something went wrong/ },
    { does: 'action', act: (tab) => order(tab, '#action'), form: 'json', sees: /own words: 500/ },
    { does: 'form', act: (tab) => tab.click('#plain button'), form: 'html' },
  ],
});
