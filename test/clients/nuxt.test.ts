import { order, testFramework } from './support/framework.ts';

testFramework({
  name: 'Nuxt',
  app: 'nuxt',
  package: 'nuxt',
  done: 'pages, useFetch, $fetch, a form, client navigation',
  build: ['nuxt/bin/nuxt.mjs', 'build'],
  serve: ['dist/site/server/index.mjs'],
  scripted: '#fetch',
  plain: '#plain',
  ordered: /Thank you/,
  deeds: [
    { does: 'link', act: (tab) => tab.click('text=Next'), form: 'json', sees: /own error page: 500/ },
    { does: '$fetch', act: (tab) => order(tab, '#fetch'), form: 'json' },
    { does: 'form', act: (tab) => tab.click('#plain button'), form: 'html' },
  ],
});
