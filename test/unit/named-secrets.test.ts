/**
 * Every name of a secret in every notation. A new name has to work in all notations, and a new notation with all
 * names.
 */
import { describe, expect, it } from 'vitest';
import { scrubText } from '../../src/scrub/scrub.ts';

const SECRET = 'kX93-tulip!Moss';

/** The words of a name. Each notation may join them in its own way. */
const names = [
  'password',
  'passwd',
  'passphrase',
  'db password',
  'user password',
  'new password 2',
  'password hash',
  'client secret',
  'secret key base',
  'api token',
  'access token',
  'csrf token',
  'remember token',
  'refresh token',
  'api key',
  'x api key',
  'private key',
  'encryption key',
  'credentials',
  'session id',
  'authorization code',
  'device code',
  'otp code',
  'code verifier',
  'xsrf token',
  'jwt',
  'auth token',
  'signing secret',
  'auth salt',
  'smtp pwd',
  'contraseña',
  'mot de passe',
  'senha',
  'db passwort',
  'пароль',
  'パスワード',
  'clave api',
];

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const spellings: Readonly<Record<string, (words: string[]) => string>> = {
  snake_case: (words) => words.join('_'),
  UPPER: (words) => words.join('_').toUpperCase(),
  camelCase: ([first = '', ...rest]) => first + rest.map(capital).join(''),
  PascalCase: (words) => words.map(capital).join(''),
  'kebab-case': (words) => words.join('-'),
  'Header-Case': (words) => words.map(capital).join('-'),
  'dotted.prefix': (words) => `spring.app.${words.join('-')}`,
  APP_PREFIX: (words) => `SHOP_${words.join('_').toUpperCase()}`,
};

/**
 * The notations in which texts give a name its value. The text around the value must stay, because a reader needs it.
 */
const notations: Readonly<Record<string, (name: string, value: string) => string>> = {
  'assigned by =': (name, value) => `cannot start: ${name}=${value} (exit 3)`,
  'assigned by = in quotes': (name, value) => `cannot start: ${name}="${value}" (exit 3)`,
  'assigned by :': (name, value) => `cannot start\n${name}: ${value}\nport: 3306`,
  'assigned by := and ===': (name, value) => `if ${name} === '${value}' then exit 3`,
  'assigned by =>': (name, value) => `cannot start: ${name} => ${value}, port => 3306`,
  JSON: (name, value) => `{"${name}":"${value}","port":3306}`,
  'JSON in lines': (name, value) => `{\n  "${name}": "${value}",\n  "port": 3306\n}`,
  'JSON in JSON': (name, value) => JSON.stringify({ body: JSON.stringify({ [name]: value, port: 3306 }) }),
  'a list in JSON': (name, value) => `{"${name}":["${value}"],"port":3306}`,
  YAML: (name, value) => `db:\n  ${name}: ${value}\n  port: 3306`,
  'YAML, folded': (name, value) => `db:\n  ${name}: >-\n    ${value}\n  port: 3306`,
  'XML element': (name, value) => `<db><${name}>${value}</${name}><port>3306</port></db>`,
  'XML element with attributes': (name, value) =>
    `<a:${name} type="text">${value}</a:${name}><port>3306</port>`,
  CDATA: (name, value) => `<${name}><![CDATA[${value}]]></${name}><port>3306</port>`,
  'XML attribute': (name, value) => `<db ${name}="${value}" port="3306"/>`,
  'escaped XML': (name, value) => `&lt;${name}&gt;${value}&lt;/${name}&gt;&lt;port&gt;3306`,
  plist: (name, value) =>
    `<key>${name}</key>\n\t<string>${value}</string>\n\t<key>port</key><integer>3306</integer>`,
  INI: (name, value) => `[db]\n${name} = ${value}\nport = 3306`,
  environment: (name, value) => `export ${name}='${value}'\nexport PORT=3306`,
  'form data': (name, value) => `a=1&${name}=${value}&port=3306`,
  'pair in JSON': (name, value) => `[{"name":"${name}","value":"${value}"},{"name":"port","value":"3306"}]`,
  'pair in JSON, value first': (name, value) =>
    `[{"value":"${value}","name":"${name}"},{"name":"port","value":"3306"}]`,
  'pair in YAML': (name, value) => `env:\n- name: ${name}\n  value: ${value}\n- name: port\n  value: "3306"`,
  'pair in HTML': (name, value) => `<input type="text" name="${name}" id="x" value="${value}"><p>3306</p>`,
  'pair in HTML, value first': (name, value) => `<input value="${value}" name="${name}"><p>3306</p>`,
  'pair in XML': (name, value) =>
    `<property name="${name}" value="${value}"/><property name="port" value="3306"/>`,
  'entry in XML': (name, value) => `<entry key="${name}">${value}</entry><entry key="port">3306</entry>`,
  'member in XML': (name, value) =>
    `<member><name>${name}</name><value><string>${value}</string></value></member><i>3306</i>`,
  'pair in Go': (name, value) => `[{Name:${name} Value:${value}} {Name:port Value:3306}]`,
  'part of a form': (name, value) =>
    `--x\nContent-Disposition: form-data; name="${name}"\n\n${value}\n--x\nport 3306`,
  'list of two': (name, value) => `[["${name}", "${value}"], ["port", "3306"]]`,
  'tuple in Python': (name, value) => `[('${name}', '${value}'), ('port', '3306')]`,
  'rawHeaders in Node': (name, value) => `rawHeaders: [ 'Host', 'x', '${name}', '${value}', 'Port', '3306' ]`,
  define: (name, value) => `define('${name}', '${value}'); // line 3306`,
  var_dump: (name, value) =>
    `array(2) {\n  ["${name}"]=>\n  string(15) "${value}"\n  ["port"]=>\n  int(3306)\n}`,
  'var_dump of an object': (name, value) =>
    `object(A)#1 (1) {\n  ["${name}":protected]=>\n  string(15) "${value}"\n  ["port"]=>\n  int(3306)`,
  print_r: (name, value) => `Array\n(\n    [${name}] => ${value}\n    [port] => 3306\n)`,
  'print_r of an object': (name, value) =>
    `A Object\n(\n    [${name}:A:private] => ${value}\n    [port] => 3306\n)`,
  var_export: (name, value) => `array (\n  '${name}' => '${value}',\n  'port' => 3306,\n)`,
  'dump of Symfony': (name, value) => `A {#7\n  -${name}: "${value}"\n  -port: 3306\n}`,
  'dump of Symfony in HTML': (name, value) =>
    `<span class=sf-dump-key>${name}</span>" => "<span class=sf-dump-str title="15 characters">${value}</span>"\n<b>3306</b>`,
  'inspect in Ruby': (name, value) => `#<A:0x0001 @${name}="${value}", @port=3306>`,
  'Hash in Ruby': (name, value) => `{:${name}=>"${value}", :port=>3306}`,
  'dict in Python': (name, value) => `{'${name}': '${value}', 'port': 3306}`,
  'repr in Python': (name, value) => `Settings(${name}='${value}', port=3306)`,
  'inspect in Node': (name, value) => `{ '${name}': '${value}', port: 3306 }`,
  'Map in Node': (name, value) => `Map(2) { '${name}' => '${value}', 'port' => 3306 }`,
  'toString in Java': (name, value) => `Login{${name}='${value}', port=3306}`,
  'record in Java': (name, value) => `Login[${name}=${value}, port=3306]`,
  'Map in Java': (name, value) => `{${name}=${value}, port=3306}`,
  'record in C#': (name, value) => `Login { ${name} = ${value}, Port = 3306 }`,
  'struct in Go': (name, value) => `&{${name}:${value} Port:3306}`,
  'connection string': (name, value) => `Server=db;${name}=${value};Port=3306`,
  'table of an HTML page': (name, value) =>
    `<tr><td>${name}</td><td class="code"><pre>${value}</pre></td></tr><tr><td>port</td><td>3306</td></tr>`,
  'list of an HTML page': (name, value) =>
    `<dl><dt>${name}</dt>\n<dd>${value}</dd><dt>port</dt><dd>3306</dd></dl>`,
  'table of text': (name, value) => `| ${name} | ${value} |\n| port | 3306 |`,
  'superglobal of PHP': (name, value) => `$_SERVER['${name}']\t${value}\n$_SERVER['port']\t3306`,
  'option with a space': (name, value) => `Command failed: deploy --${name} ${value} --port 3306`,
  'option with =': (name, value) => `Command failed: deploy --${name}=${value} --port=3306`,
  'option of Java': (name, value) => `java -D${name}=${value} -Dport=3306`,
  'variable of a container': (name, value) => `docker run -e ${name}=${value} -p 3306:3306 shop`,
  'serialize in PHP': (name, value) => `a:2:{s:9:"${name}";s:15:"${value}";s:4:"port";i:3306;}`,
  'session of PHP': (name, value) => `${name}|s:15:"${value}";port|i:3306;`,
  'wrapper in Rust': (name, value) => `${name} { inner: "${value}" }, port: 3306`,
  'leader of dots': (name, value) => `  ${name} ........ ${value}\n  port ........ 3306`,
  'option of Windows': (name, value) => `Command failed: deploy /${name}:${value} /port:3306`,
  setter: (name, value) => `config.set${capital(name)}("${value}").port(3306)`,
};

describe('what a name of a secret is given is hidden, and what follows stays', () => {
  const cases = Object.entries(notations);
  it.each(cases)('%s', (_, write) => {
    const wrong: string[] = [];
    for (const words of names) {
      for (const [spelling, spell] of Object.entries(spellings)) {
        const name = spell(words.split(' '));
        const text = write(name, SECRET);
        const scrubbed = scrubText(text, 8192);
        if (/kX93|tulip|Moss/.test(scrubbed) || !scrubbed.includes('3306') === text.includes('3306')) {
          wrong.push(`${spelling}: ${scrubbed}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
