import { deviceName } from '../identity/device';
import * as api from './api';

const WORKER = '/notices-worker.js';

/** Whether this browser can be told of something while FinVault is closed. */
export function canPush(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
}

/** Asks the browser's user, then its push service, then tells the server where to send. */
export async function subscribe(): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') {
    throw new Error('The browser does not allow notifications of this page. Allow them in its settings, then try again.');
  }
  const { publicKey } = await api.pushKey();
  await navigator.serviceWorker.register(WORKER);
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
    .catch((reason: unknown) => {
      throw new Error(`The browser's push service did not answer. (${reason instanceof Error ? reason.message : String(reason)})`);
    });
  await api.addPush(subscription.toJSON(), deviceName(navigator.userAgent));
}
