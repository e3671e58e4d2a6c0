import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.JsonProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.UnsupportedEncodingException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import net.minidev.json.JSONObject;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.app.event.EventCartridge;
import org.apache.velocity.app.event.InvalidReferenceEventHandler;
import org.apache.velocity.context.Context;
import org.apache.velocity.exception.ParseErrorException;
import org.apache.velocity.runtime.log.NullLogChute;
import org.apache.velocity.util.introspection.Info;

/**
 * Renders mapping templates with Apache Velocity and Jayway JsonPath. One JSON object per line comes in, one goes out:
 * {template, body, variables: JSON text, params: {path, querystring, header}, minimalEscapes} gives {text} or {error}.
 *
 * The only changes to plain Velocity: an invalid reference is the empty string, as recorded on AWS
 * (docs/facts/templates.md#variables); #foreach ends after 1,000 items (DOC); macros may not be defined
 * (docs/facts/templates.md#variables, AIR).
 */
public final class Oracle {
  private static final JsonProvider JSON = Configuration.defaultConfiguration().jsonProvider();
  private static boolean minimal;

  /** JSON text with only the escapes that JSON requires. */
  private static final JSONStyle MINIMAL =
      new JSONStyle(JSONStyle.FLAG_PROTECT_4WEB) {
        @Override
        public void escape(String text, Appendable out) {
          try {
            for (char c : text.toCharArray()) {
              int named = "\"\\\b\t\n\f\r".indexOf(c);
              if (named >= 0) out.append('\\').append("\"\\btnfr".charAt(named));
              else if (c < ' ') out.append(String.format("\\u%04x", (int) c));
              else out.append(c);
            }
          } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
          }
        }
      };

  public static void main(String[] arguments) throws Exception {
    VelocityEngine velocity = new VelocityEngine();
    velocity.setProperty("runtime.log.logsystem.class", NullLogChute.class.getName());
    velocity.setProperty("velocimacro.library", "");
    velocity.setProperty("velocimacro.permissions.allow.inline", "false");
    velocity.setProperty("directive.foreach.maxloops", "1000");
    velocity.init();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Map<String, Object> answer = new LinkedHashMap<>();
      try {
        Map<String, Object> request = map(JSON.parse(line));
        minimal = Boolean.TRUE.equals(request.get("minimalEscapes"));
        // How lists print is a global setting of the library.
        JSONValue.COMPRESSION = minimal ? MINIMAL : JSONStyle.NO_COMPRESS;
        answer.put("text", render(velocity, request));
      } catch (ParseErrorException error) {
        answer.put("error", "parse: " + error.getMessage());
      } catch (Exception | StackOverflowError error) {
        answer.put("error", error.toString());
      }
      out.println(JSONObject.toJSONString(answer, JSONStyle.NO_COMPRESS));
      out.flush();
    }
  }

  private static String render(VelocityEngine velocity, Map<String, Object> request) {
    VelocityContext context = new VelocityContext();
    for (Map.Entry<String, Object> variable : map(JSON.parse((String) request.get("variables"))).entrySet()) {
      context.put(variable.getKey(), variable.getValue());
    }
    context.put("input", new Input((String) request.get("body"), map(request.get("params"))));
    context.put("util", new Util());
    EventCartridge events = new EventCartridge();
    events.addEventHandler(new EmptyReferences());
    events.attachToContext(context);
    StringWriter text = new StringWriter();
    velocity.evaluate(context, text, "template", (String) request.get("template"));
    return text.toString();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  /** As recorded on AWS, an undefined reference renders as an empty text. */
  private static final class EmptyReferences implements InvalidReferenceEventHandler {
    @Override
    public Object invalidGetMethod(Context context, String reference, Object object, String property, Info info) {
      return "";
    }

    @Override
    public boolean invalidSetMethod(Context context, String left, String right, Info info) {
      return false;
    }

    @Override
    public Object invalidMethod(Context context, String reference, Object object, String method, Info info) {
      return "";
    }
  }

  /** `$input` of one document, parsed once, with Jayway's paths and JSON text. */
  public static final class Input {
    private final String body;
    private final Map<String, Object> params;
    private DocumentContext document;

    Input(String body, Map<String, Object> params) {
      this.body = body.isEmpty() ? "{}" : body;
      this.params = params;
    }

    public String getBody() {
      return body;
    }

    private Object read(String path) {
      if (document == null) document = JsonPath.parse(body);
      return document.read(path);
    }

    public Object path(String path) {
      try {
        return read(path);
      } catch (PathNotFoundException missing) {
        return JsonPath.isPathDefinite(path) ? null : JSON.createArray();
      }
    }

    public String json(String path) {
      try {
        // Jayway's provider writes lists and maps only; this is its style.
        return JSONValue.toJSONString(read(path), minimal ? MINIMAL : JSONStyle.LT_COMPRESS);
      } catch (PathNotFoundException missing) {
        return JsonPath.isPathDefinite(path) ? "\"\"" : "[]";
      }
    }

    public Map<String, Object> params() {
      return params;
    }

    public Object params(String name) {
      for (String place : new String[] {"path", "querystring", "header"}) {
        Object value = map(params.get(place)).get(name);
        if (value != null) return value;
      }
      return null;
    }
  }

  /** `$util`; arguments that are not text are converted to it, and null to an empty text. */
  public static final class Util {
    private static String text(Object value) {
      return value == null ? "" : value.toString();
    }

    public String base64Encode(Object value) {
      return Base64.getEncoder().encodeToString(text(value).getBytes(StandardCharsets.UTF_8));
    }

    public String base64Decode(Object value) {
      return new String(Base64.getDecoder().decode(text(value)), StandardCharsets.UTF_8);
    }

    public String escapeJavaScript(Object value) {
      return StringEscapeUtils.escapeJavaScript(text(value));
    }

    public Object parseJson(Object value) {
      return JSON.parse(text(value));
    }

    public String urlEncode(Object value) throws UnsupportedEncodingException {
      return URLEncoder.encode(text(value), "UTF-8");
    }

    public String urlDecode(Object value) throws UnsupportedEncodingException {
      return URLDecoder.decode(text(value), "UTF-8");
    }
  }
}
