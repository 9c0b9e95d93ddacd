import * as api from './api';

const BINDING = 'finvault.provider-binding';

/** What people call a provider. */
export function providerName(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** Leaves for the provider; only this browser can come back. */
export async function leaveFor(provider: string): Promise<void> {
  const { authorizationUrl, binding } = await api.start(provider);
  sessionStorage.setItem(BINDING, binding);
  location.assign(authorizationUrl);
}

/** The binding of the sign-in that was begun here; good for one return. */
export function takeBinding(): string {
  const binding = sessionStorage.getItem(BINDING) ?? '';
  sessionStorage.removeItem(BINDING);
  return binding;
}
