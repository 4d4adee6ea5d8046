/** What the site says for itself when it fails. */
export const ownWords = 'The shop closes at eight';
