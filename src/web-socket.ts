/** Whether a request asks to become a WebSocket (RFC 6455 §4.2.1). Never throws. */
export function asksForWebSocket({ headers }: Request): boolean {
  return headers.get('upgrade')?.toLowerCase() === 'websocket';
}
