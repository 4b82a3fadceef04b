import crossline.ApiClient;
import crossline.ApiException;
import crossline.api.CasesApi;
import crossline.api.LinesApi;
import crossline.api.QueuesApi;
import crossline.api.TimelinesApi;
import crossline.model.*;
import java.time.OffsetDateTime;
import java.util.UUID;

/** A client of the API as a company writes it, with classes generated from the OpenAPI document alone. */
public final class Story {
  private static String once() {
    return UUID.randomUUID().toString();
  }

  private static ApiClient client(String url, String key) {
    var client = new ApiClient().setBasePath(url);
    client.setBearerToken(key);
    return client;
  }

  /** Publishes a line. It retries, because some services may not know a new vendor yet. */
  private static Line publish(LinesApi lines, LineDocument document) throws Exception {
    for (long until = System.currentTimeMillis() + 10_000; ; Thread.sleep(100)) {
      try {
        return lines.publishLine(once(), document, null, null, null);
      } catch (ApiException refused) {
        var problem = Problem.fromJson(refused.getResponseBody());
        var passes = problem.getCode() == Problem.CodeEnum.LINE_DOES_NOT_LINT;
        if (!passes || System.currentTimeMillis() > until) throw refused;
      }
    }
  }

  private static LineDocument lineTo(String vendor) {
    return new LineDocument()
        .line("java-client")
        .calendar(new LineDocumentCalendar("24x7"))
        .addClocksItem(
            new LineDocumentClocksInner()
                .kind(LineDocumentClocksInner.KindEnum.STALL_IDLE)
                .target(new LineDocumentClocksInnerTarget("PT2H")))
        .addCrossingItem(
            new LineDocumentCrossingInner()
                .to(new LineDocumentCrossingInnerTo("queue:" + vendor + ".handheld"))
                .acceptWithin("PT30M"))
        .addLastResortItem("https://duty.example/");
  }

  public static void main(String[] args) throws Exception {
    try {
      play(args);
      System.exit(0);
    } catch (ApiException refused) {
      throw new IllegalStateException(refused.getResponseBody(), refused);
    }
  }

  private static void play(String[] args) throws Exception {
    var carrier = client(args[0], args[1]);
    var vendor = client(args[0], args[2]);
    var queue = args[3] + ".handheld";
    var published = publish(new LinesApi(carrier), lineTo(args[3]));

    var timelines = new TimelinesApi(carrier);
    var stepped =
        new CreateTimelineOneOf()
            .kind(CreateTimelineOneOf.KindEnum.STEPPED)
            .start(OffsetDateTime.parse("2026-03-07T14:00:00Z"));
    var timeline = timelines.createTimeline(once(), new CreateTimeline(stepped), null, null);
    var cases = new CasesApi(carrier);
    var opening =
        new OpenCase()
            .carrierCaseId("JAVA-1")
            .line(published.getLine().getName())
            .title("Out of memory")
            .channel(OpenCase.ChannelEnum.PHONE)
            .timeline(timeline.getId());
    var opened = cases.openCase(once(), opening, null, null);
    var to = new Advance().to(OffsetDateTime.parse("2026-03-07T16:10:00Z"));
    var advanced = timelines.advanceTimeline(timeline.getId(), once(), to, null, null);

    var queues = new QueuesApi(vendor);
    var offer =
        queues
            .listQueueHandoffs(queue, null, null, null, timeline.getId(), 20, null, null, null)
            .getItems()
            .get(0);
    var id = offer.getHandoffId();
    var claimed = queues.claimHandoff(queue, id, once(), null, null, new Claim().person("desk-3"));
    var brief = claimed.getBrief().getCase();
    var acceptance =
        new Accept()
            .token(claimed.getToken())
            .engineer(new AcceptEngineer().name("Ada Lovett").contact("ada@orchard.example"))
            .vendorCaseId("OR-2")
            .nextStep("Free the memory")
            .eta(OffsetDateTime.parse("2026-03-07T16:20:00Z"))
            .readBack(new AcceptReadBack().problem(brief.getTitle()).tried("Nothing yet"))
            .dossierVersion(brief.getVersion());
    var accepted = queues.acceptHandoff(queue, id, once(), acceptance, null, null);
    String refused = "nothing";
    try {
      var wrong = new Resolve().token(claimed.getToken() + 1).fixCode("memory-full");
      queues.resolveHandoff(queue, id, once(), wrong, null, null);
    } catch (ApiException refusal) {
      refused = Problem.fromJson(refusal.getResponseBody()).getCode().getValue();
    }
    var read = cases.readCase(opened.getId(), null, null, null);
    System.out.printf(
        "{\"line\":%d,\"opened\":\"%s\",\"mark\":\"%s\",\"mode\":\"%s\",\"phase\":\"%s\",\"refused\":\"%s\",\"holder\":\"%s\"}%n",
        published.getLine().getVersion(),
        opened.getStatus().getValue(),
        advanced.getMark().toInstant(),
        offer.getMode().getValue(),
        accepted.getPhase().getValue(),
        refused,
        read.getHolder());
  }
}
