/** What can be ordered, and its price in cents. */
export const PRICES: Readonly<Record<string, number>> = { coffee: 1200, tea: 800 };
