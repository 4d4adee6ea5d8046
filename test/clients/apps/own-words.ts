/** The site's own message for a failure. */
export const ownWords = 'The shop closes at eight';
