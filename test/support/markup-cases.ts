/** Additions to a page: some that its Content-Security-Policy refuses, and some that it allows. */

const image = 'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E';

/** A name, the addition, and the message of the check. */
export const forbidden: readonly (readonly [what: string, html: string, problem: string])[] = [
  ['an image of the site', '<img src="/logo.png" alt="">', 'loads /logo.png (<img src>'],
  ['an image of another site', "<img alt='>' src='//a.example/b.png'>", 'loads //a.example/b.png'],
  ['an image in two sizes', `<img srcset="${image}, /b.png 2x" alt="">`, '(<img srcset>'],
  ['a poster', '<video poster="/a.png"></video>', 'loads /a.png (<video poster>'],
  ['a video', '<video src="/a.mp4"></video>', 'loads /a.mp4 (<video src>'],
  ['a frame', '<iframe src="/a" title="a"></iframe>', 'loads /a (<iframe src>'],
  ['an object', '<object data="/a.pdf" type="application/pdf"></object>', 'loads /a.pdf (<object data>'],
  ['an SVG with an image', '<svg><image href="/a.png"/></svg>', 'loads /a.png (<image href>'],
  ['an SVG that uses another', '<svg><use href="/a.svg#b"/></svg>', 'loads /a.svg#b (<use href>'],
  ['a style sheet', '<link rel="stylesheet" href="/x.css">', 'loads /x.css (<link href>'],
  ['an icon', '<link rel="shortcut icon" href=/favicon.ico>', 'loads /favicon.ico (<link href>'],
  ['a preload', '<link rel="preload" as="image" href="/x.png">', 'loads /x.png (<link href>'],
  [
    'a web font',
    '<style>@font-face{font-family:a;src:url(/x.woff2)}b{font-family:a}</style><b>b</b>',
    'loads /x.woff2',
  ],
  [
    'a font in the page',
    '<style>@font-face{font-family:a;src:url("data:font/woff2;base64,AA")}b{font-family:a}</style><b>b</b>',
    'loads data:font/woff2',
  ],
  ['an imported style sheet', '<style>@import "/a.css";</style>', 'loads a style sheet (@import)'],
  ['a background', '<style>body{background:url(/a.png)}</style>', 'loads /a.png (url()'],
  ['a background in several sizes', '<style>body{background:image-set("/a.png" 1x)}</style>', 'loads /a.png'],
  ['a style attribute', '<p title="a>b" style="color:red">a</p>', 'has a style attribute (<p style>)'],
  ['an event handler', '<p onclick="x()">a</p>', 'has an event handler attribute (<p onclick>)'],
  ['a base', '<base href="https://a.example/">', 'has a <base> element'],
  ['a form', '<form action="/search"><button>Search</button></form>', 'has a form'],
  [
    'a javascript: link in disguise',
    '<a href="java&#115;cript&colon;alert(1)">a</a>',
    'has a javascript: URL',
  ],
  ['a javascript: link on two lines', '<a href="java\nscript:alert(1)">a</a>', 'has a javascript: URL'],
  ['a manifest', '<link rel="manifest" href="/app.webmanifest">', 'loads /app.webmanifest (<link href>'],
  ['a javascript: link', '<a href="javascript:alert(1)">a</a>', 'has a javascript: URL (<a href>)'],
];

/** A name, and the addition. */
export const allowed: readonly (readonly [what: string, html: string])[] = [
  ['an image in the page', `<img src="${image}" alt="">`],
  ['an image in two sizes in the page', `<img srcset="${image}, ${image} 2x" alt="">`],
  ['an icon in the page', `<link rel="icon" href="${image}">`],
  ['a background in the page', `<style>body{background:url("${image}")}</style>`],
  ['an SVG that uses a part of itself', '<svg><circle id="a" r="1"/><use href="#a"/></svg>'],
  ['a link', '<a href="https://a.example/?on=1" rel="noopener">On style= and onclick=</a>'],
  ['a link to a translation', '<link rel="alternate" hreflang="de" href="/de">'],
  ['a description', '<meta name="description" content="On style=x">'],
];
