import type { Known } from './known.ts';

/** The runner, its disk, its memory and its time. */
export const RUNNER: readonly Known[] = [
  {
    pattern: /no space left on device|ENOSPC|disk quota exceeded|not enough (?:disk )?space|\bdisk (?:is )?full\b/iu,
    headline: "The runner's disk is full",
    cause:
      'A file could not be written because no space is left on the disk of the runner. The code has no part in it.',
    next: 'Free disk space early in the job (remove images, caches and tools that it does not need) or use a larger runner, then re-run the failed jobs.',
    weight: 10,
  },
  {
    pattern: /JavaScript heap out of memory|Reached heap limit/u,
    headline: 'Node.js runs out of memory',
    cause: 'The heap of a Node.js process has reached its limit, which is lower than what the machine has.',
    next: 'Raise the limit in the step, for example NODE_OPTIONS=--max-old-space-size=4096, or let fewer workers run at once.',
    weight: 9.5,
  },
  {
    pattern:
      /OutOfMemoryError: (?<space>Java heap space|Metaspace|GC overhead limit exceeded|unable to create \w{1,12} thread)|Expiring Daemon because JVM heap space is exhausted/u,
    headline: 'Java runs out of memory: {space|heap space}',
    cause: 'The Java process has reached the limit of its memory, which is set by -Xmx or by the build tool.',
    next: 'Give the process more memory (-Xmx in MAVEN_OPTS, org.gradle.jvmargs or the test task) or run fewer forks at once.',
    weight: 9.5,
  },
  {
    pattern: /CUDA out of memory/u,
    headline: 'The GPU runs out of memory',
    cause: 'The program asked for more memory than the GPU of the runner has left.',
    next: 'Use smaller batches or models in the job, or a runner with a larger GPU; then re-run the failed jobs.',
    weight: 9.5,
  },
  {
    pattern:
      /(?:exit(?:ed)?(?: with)?(?: code| status)?:?|code|Error) 137\b|^Killed$|OOM-?kill|Out of memory: Killed|killed signal terminated program|Killed: 9|signal: 9, SIGKILL|signal: killed/iu,
    headline: 'A process was killed, most likely for want of memory',
    cause: 'The system ended it with the signal "kill"; on a runner that mostly means that memory ran out.',
    next: 'Give the job more memory or let fewer things run at once, then re-run the failed jobs.',
    weight: 8,
  },
  {
    pattern: /cannot allocate memory|std::bad_alloc|MemoryError\b|\bout of memory\b|OutOfMemory(?:Error|Exception)/iu,
    headline: 'The job runs out of memory',
    cause: 'A process asked for more memory than the runner could give.',
    next: 'Give the job more memory or let fewer things run at once, then re-run the failed jobs.',
    weight: 8.5,
  },
  {
    pattern: /runner has received a shutdown signal/u,
    headline: 'The runner was shut down while the job ran',
    cause: 'The machine or the runner service was stopped from outside; the job could not finish.',
    next: 'Re-run the failed jobs. If it happens again, look at the load of the runner, or at the scaling of your own runners.',
    weight: 10,
  },
  {
    pattern: /lost communication with the server|self-hosted runner .{0,80}lost|hosted runner lost/u,
    headline: 'GitHub lost the connection to the runner',
    cause: 'The runner no longer answered. It was stopped, starved of memory or CPU, or lost its network.',
    next: 'Re-run the failed jobs. If it happens again, look at the memory and CPU that the job needs, or at the logs of the runner.',
    weight: 10,
  },
  {
    pattern:
      /hosted runner encountered an error while running your job|GitHub Actions has encountered an internal error/u,
    headline: "GitHub's runner failed by itself",
    cause: 'GitHub reports an error of the hosted runner; the code has no part in it.',
    next: "Re-run the failed jobs; if it comes back, look at GitHub's status page.",
    weight: 10,
  },
  {
    pattern:
      /The job was not acquired by Runner|No runner matching|waiting for a runner to pick up|There are no runners/iu,
    headline: 'No runner took the job',
    cause: 'No runner with the labels that the job asks for was free or online.',
    next: 'Check runs-on in the workflow and that such a runner is online; then re-run the failed jobs.',
    weight: 10,
  },
  {
    pattern:
      /job was not started because (?:recent account payments have failed|your account is locked|.{0,40}spending limit)/iu,
    headline: 'GitHub did not start the job because of the billing of the account',
    cause: 'A payment failed, or the spending limit for GitHub Actions is reached.',
    next: 'Ask an owner of the organization to look at its billing settings; then re-run the jobs.',
    weight: 10,
  },
  {
    pattern: /timed out waiting for pod|Unschedulable|Insufficient (?:cpu|memory)/u,
    headline: 'The CI cluster could not start a machine for the job in time',
    cause: 'The job waited for a pod that never ran; none of its own commands was started.',
    next: 'Re-run the failed jobs. If it happens often, ask who runs the cluster for more capacity.',
    weight: 10,
  },
  {
    pattern: /Cannot connect to the Docker daemon/u,
    headline: 'Docker does not run on the runner',
    cause: 'Nothing answers at the socket of the Docker daemon, so no container can be built or started.',
    next: 'Re-run the failed jobs. If it comes back, start Docker in the job or ask who runs the runners to look at it.',
    weight: 9.5,
  },
  {
    pattern: /Job failed \(system failure\): (?<why>.{4,200})|runner system failure/u,
    headline: 'The CI system could not run the job: {why|its runner failed}',
    cause: 'The runner failed before or beside the commands of the job; the code has no part in it.',
    next: 'Re-run the failed jobs; if it comes back, ask who runs the runners.',
    weight: 9,
  },
  {
    pattern:
      /Failed to pull image(?: "?(?<image>[^\s"]{1,150}?)"?)?(?: with policy.{0,30})?:|ErrImagePull|ImagePullBackOff|image pull failed/u,
    headline: 'The container image {image|of the job} could not be pulled',
    cause:
      'The registry did not hand the image out: it may be away, the image may be gone, or the login may be missing.',
    next: 'Re-run the failed jobs; if it comes back, check that the image exists and that the runner may read it.',
    weight: 9,
  },
  {
    pattern: /toomanyrequests|reached your (?:unauthenticated )?pull rate limit/u,
    headline: 'The container registry refuses because of its pull rate limit',
    cause: 'Too many images were pulled from this address or account within the limit of the registry.',
    next: 'Log in to the registry in the job or use a mirror or cache, then re-run the failed jobs later.',
    weight: 10,
  },
  {
    pattern: /API rate limit (?:already )?exceeded|secondary rate limit|rate limit exceeded/iu,
    headline: 'A service refuses because of its rate limit',
    cause: 'The job, or others that share its token or address, made more requests than the service allows.',
    next: 'Pass a token to the step (such as GITHUB_TOKEN) or make fewer requests, then re-run the failed jobs later.',
    weight: 9.5,
  },
  {
    pattern: /TLS handshake timeout|SSL_ERROR_SYSCALL|SSL_connect: |gnutls_handshake/u,
    headline: 'A connection failed during its TLS handshake',
    cause: 'The server was reached, but no secure connection came about; mostly the network or the server is at fault.',
    next: 'Re-run the failed jobs; if it comes back, look at the status of the server that the log names.',
    weight: 8.5,
  },
  {
    pattern:
      /certificate has expired|SSL certificate problem: (?<why>[\w -]{3,80})|CERTIFICATE_VERIFY_FAILED|x509: (?<why>.{3,100})|no certificate subject alternative name|unable to get local issuer certificate/u,
    headline: 'The certificate of a server is not accepted{: why|}',
    cause:
      'A download or connection stopped because the certificate of the server is expired, for another name, or from an unknown issuer.',
    next: 'Check the certificate of the host that the log names, and the CA certificates of the runner or image.',
    weight: 8.5,
    category: null,
  },
  {
    pattern:
      /(?:Could not resolve host(?:name)?:? ['"]?(?:https?:\/\/)?|getaddrinfo (?:ENOTFOUND|EAI_AGAIN) )(?<host>[\w.-]{3,100})|Temporary failure (?:in name resolution|resolving ['"]?(?<host>[\w.-]{3,100}))|Name or service not known|nodename nor servname/iu,
    headline: 'A host name cannot be resolved{: host|}',
    cause: 'The DNS of the runner gave no address for it: the network of the runner failed, or the name is wrong.',
    next: 'Re-run the failed jobs; if it fails again, check that the name of the host is right.',
    weight: 9,
  },
  {
    pattern:
      /(?:Failed to connect to|unable to connect to|could not connect to|connection to server at) ["']?(?<host>[\w.-]{3,100})/iu,
    headline: 'No connection to {host}',
    cause: 'The server did not answer, or refused the connection.',
    next: 'Re-run the failed jobs; if it comes back, check that {host|the server} is up and that the job starts after it is ready.',
    weight: 8,
  },
  {
    pattern:
      /connect ECONNREFUSED (?<host>[\w.:-]{3,80})|Connection refused.{0,60}?(?<host>(?:localhost|127\.0\.0\.1|\[::1\]):\d{2,5})|ConnectionRefusedError/u,
    headline: 'Nothing answers at {host|the server that the job needs}: connection refused',
    cause: 'The service is not started, not ready yet, or listens elsewhere.',
    next: 'Check that the service is started in the job and that the step waits until it is ready.',
    weight: 7.5,
    category: null,
  },
  {
    pattern:
      /(?:The requested URL returned error: |HTTP (?:Error )?|status code:? |server returned )(?<status>50[0234]|429)\b|\b(?<status>50[234]) (?:Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time-?out)|\bInternal Server Error\b/iu,
    headline: 'A server that the job needs answers with an error ({status|5xx})',
    cause: 'The request reached the server, but it could not answer it then; the code has no part in it.',
    next: 'Re-run the failed jobs; if it comes back, look at the status of the server that the log names.',
    weight: 8,
  },
  {
    pattern: /The requested URL returned error: (?<status>40[134])|HTTP (?:Error )?(?<status>40[134])\b/iu,
    headline: 'A download is refused with HTTP status {status|4xx}',
    cause: 'The server was reached, but the file is not there or may not be read with the credentials of the job.',
    next: 'Check the address in the step and, where it needs a login, the token that is passed to it.',
    weight: 7,
    category: 'configuration',
  },
  {
    pattern:
      /\b(?:ECONNRESET|ETIMEDOUT|socket hang up|Connection reset by peer|network is unreachable|no route to host|(?:Connection|Operation|read) timed out|Empty reply from server)\b/iu,
    headline: 'A network connection broke or timed out',
    cause: 'The connection to a server failed while the job needed it.',
    next: 'Re-run the failed jobs; if it comes back, look at the status of the server that the log names.',
    weight: 7,
  },
  {
    pattern:
      /rustc interrupted by SIG(?:SEGV|BUS)|internal compiler error: Segmentation fault|\(ICE\)|internal compiler error/u,
    headline: 'The compiler itself crashed',
    cause: 'The compiler ended with an error of its own, which damaged caches, little memory or a bug of it can cause.',
    next: 'Re-run the failed jobs without caches; if it comes back, try another version of the compiler.',
    weight: 8,
    category: null,
  },
  {
    pattern: /Address already in use|EADDRINUSE|port is already allocated/u,
    headline: 'A port that the job needs is taken already',
    cause: 'Another process on the runner listens on the same port.',
    next: 'Let the service choose a free port, or stop what was started earlier in the job.',
    weight: 7,
    category: null,
  },
  {
    pattern: /Segmentation fault|signal SIGSEGV|SIGSEGV|exit(?:ed with)? (?:code|status) 139/u,
    headline: 'A program crashes with a segmentation fault',
    cause: 'It accessed memory that is not its own.',
    next: 'Run the same command locally with a debugger or a sanitizer, and start from the last line before the crash.',
    weight: 6.5,
    category: null,
  },
  {
    pattern: /Failed to initialize container (?<image>[\w./:@-]{2,120})|One or more containers failed to start/u,
    headline: 'The service container {image|of the job} does not start',
    cause: 'The runner waited for it, and its health check never passed or it stopped at once.',
    next: 'Look at the log of the container in the step "Initialize containers", and at its image, variables and health check.',
    weight: 9.5,
  },
  {
    pattern: /Error (?:cloning|fetching) remote repo/u,
    headline: 'The repository could not be cloned',
    cause: 'The Git server did not answer properly, or refused the job.',
    next: 'Re-run the failed jobs; if it comes back, check the address and the credentials of the repository.',
    weight: 7,
  },
  {
    pattern: /Channel\$OrderlyShutdown|ChannelClosedException|Agent went offline during the build/u,
    headline: 'Jenkins lost the connection to its agent',
    cause: 'The machine that ran the build was stopped or no longer answered; the code has no part in it.',
    next: 'Re-run the build; if it comes back, look at the log of the agent.',
    weight: 9.5,
  },
];
