/** Where nodes are: their hosts, ports and folders. */
export const FIRST_BROKER_ID = 1
export const FIRST_CONTROLLER_ID = 3000
const CONTROLLER_PORT = 9093
const BROKER_PORT = 9092

export function brokerHost(brokerId: number): string {
  return `broker-${brokerId}`
}

export function brokerAddress(brokerId: number) {
  return { host: brokerHost(brokerId), port: BROKER_PORT }
}

export function folderOf(brokerId: number): string {
  return `/${brokerHost(brokerId)}`
}

/** A combined node's controller is where its broker is. */
export function controllerHost(controllerId: number): string {
  return controllerId < FIRST_CONTROLLER_ID
    ? brokerHost(controllerId)
    : `controller-${controllerId}`
}

export function controllerAddress(controllerId: number) {
  return { host: controllerHost(controllerId), port: CONTROLLER_PORT }
}

export function controllerFolder(controllerId: number): string {
  return `/controller-${controllerId}`
}
