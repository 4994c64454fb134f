import { ActivityHandler, CloudAdapter, ConfigurationBotFrameworkAuthentication, TurnContext } from 'botbuilder';
import restify from 'restify';

/** The least a bot's turn can cost on this machine: restify, CloudAdapter, a handler that only reads the text. Prints its address. */
class Reader extends ActivityHandler {
  constructor() {
    super();
    this.onMessage(async (context, next) => {
      if (!TurnContext.removeRecipientMention(context.activity).trim()) throw new Error('nothing was said');
      await next();
    });
  }
}

const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
const bot = new Reader();
const server = restify.createServer();
server.use(restify.plugins.bodyParser());
server.post('/api/messages', async (request: restify.Request, response: restify.Response) => {
  await adapter.process(request, response, (context) => bot.run(context));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.url}\n`));
process.once('SIGTERM', () => process.exit(0));
