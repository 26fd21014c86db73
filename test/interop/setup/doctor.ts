/** `node test/interop/setup/doctor.ts`: says what is there and installs nothing. */
import { describeState, findClients } from './clients.ts'

console.log('Clients from outside npm:')
for (const state of await findClients()) console.log(describeState(state))
