/** The words for "password", "API key" and "verification code" in other languages, as labels of forms, settings and messages have them. */

/** They end longer words too, as in `Datenbankpasswort`. */
const ENDINGS =
  'passwort kennwort wachtwoord contrasena contraseña contrasenya lösenord passord adgangskode kodeord salasana jelszo jelszó parolă slaptažodis lozinka пароль парола лозинка पासवर्ड கடவுச்சொல் รหัสผ่าน 密码 密碼 口令 パスワード 暗証番号 비밀번호 암호 סיסמה סיסמא';
/** They are words of their own: other letters around them make another word. */
const WORDS =
  'senha clave mdp mot_de_passe haslo hasło heslo geslo parola parool sifre şifre mật_khẩu kata_sandi κωδικός_πρόσβασης كلمة_المرور كلمة_السر رمز_عبور پاس_ورڈ clé_api clé_d’api clave_api clave_de_api chave_api chave_de_api chave_da_api chiave_api api_schlüssel api_ключ ключ_api api_キー api_密钥 api_키 einmalcode bestätigungscode sicherheitscode verifizierungscode código_de_verificación code_de_vérification codice_di_verifica código_de_verificação код_подтверждения 验证码 驗證碼 認証コード 確認コード 인증번호';

const endings = ENDINGS.split(' ');
const words = WORDS.split(' ').map((word) => word.replaceAll('_', '[ _-]?').replace('’', "['’]"));

/** Every such name has one of these parts. */
export const TRANSLATED_STEM = [...endings, ...words].join('|');

const TRANSLATED = new RegExp(
  `(?:${endings.join('|')})(?!\\p{L})|(?<!\\p{L})(?:${words.join('|')})(?!\\p{L})`,
  'u',
);
const CAMEL = /(?<=\p{Ll})(?=\p{Lu})/gu;

/** True for the name of a password or of a key in another language than English, in any spelling. */
export function isTranslatedName(name: string): boolean {
  return TRANSLATED.test(name.replace(CAMEL, ' ').toLowerCase());
}
