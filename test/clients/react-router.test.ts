import { order, testFramework } from './support/framework.ts';

testFramework({
  name: 'React Router',
  app: 'react-router',
  package: 'react-router',
  done: 'pages, loaders, actions by a fetcher and by a form, client navigation',
  build: ['@react-router/dev/bin.cjs', 'build'],
  serve: ['@react-router/serve/bin.cjs', 'dist/server/index.js'],
  scripted: '#fetcher',
  plain: '#plain',
  ordered: /Ordered Assam/,
  deeds: [
    { does: 'link', act: (tab) => tab.click('text=Next'), form: 'json', sees: /own error page/ },
    { does: 'fetcher.Form', act: (tab) => order(tab, '#fetcher'), form: 'json', sees: /own error page/ },
    { does: 'form', act: (tab) => tab.click('#plain button'), form: 'html' },
  ],
});
