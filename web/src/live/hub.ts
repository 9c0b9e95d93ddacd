import { HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { accessToken } from '../api/client';
import type { Hub } from './connection';

/** A SignalR connection by way of our negotiate function; SignalR falls back to long polling by itself. */
export function createHub(): Hub {
  const connection = new HubConnectionBuilder()
    .withUrl('/api/v1/realtime', { accessTokenFactory: accessToken })
    .configureLogging(LogLevel.None)
    .build();
  return connection;
}
