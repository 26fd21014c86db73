/** `node test/interop/setup/setup.ts`: sets up the clients and says what is there. */
import { describeState, setUpClients } from './clients.ts'

const states = await setUpClients()
console.log('Clients from outside npm:')
for (const state of states) console.log(describeState(state))
if (process.env['CI'] && states.some(state => state.found === null)) process.exitCode = 1
