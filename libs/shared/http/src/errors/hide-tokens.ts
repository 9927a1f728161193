/** How API keys of this kind are spelled: two words and a long run of letters and digits. A public part is shorter. */
const TOKEN = /[a-z][a-z0-9]{1,15}_[a-z][a-z0-9]{1,15}_[0-9A-Za-z]{30,}/g;

/** The text without what may be an API key that somebody has put into the wrong place. */
export function hideTokens(text: string): string {
  return text.replace(TOKEN, '***');
}
