// One file for Jest, which loads this library anew for each. Those that wait for time limits have files of their own.
import './identity-client.cases.js';
import './remote/answers.cases.js';
import './remote/sharing.cases.js';
import './remote/staleness.cases.js';
import './remote/verification-unavailable.cases.js';
import './remote/remote-verifier.options.cases.js';
import './remote/with-timeout.cases.js';
