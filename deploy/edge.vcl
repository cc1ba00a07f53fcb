# Between nginx and the media process: one request upstream for each part and playlist, however many wait for it.
# Viewers were checked by nginx, so nothing here depends on who asks; a revoked viewer or a cut class never gets here.
vcl 4.1;

backend media {
    .host = "127.0.0.1";
    .port = "8082";
    .connect_timeout = 2s;
    # A playlist waits for its part, in a pause for some seconds.
    .first_byte_timeout = 30s;
    .between_bytes_timeout = 10s;
}

sub vcl_recv {
    if (req.method != "GET" && req.method != "HEAD") {
        return (synth(405));
    }
    if (req.url !~ "^/media/(live|vod)/") {
        return (synth(404));
    }
    unset req.http.Authorization;
    unset req.http.Cookie;
    unset req.http.Origin;
    unset req.http.Accept-Encoding;
    unset req.http.Cache-Control;
    # The key is the address and, for a playlist, the position that is waited for (RFC 8216bis, 6.2.5.2).
    if (req.url ~ "\.m3u8\?") {
        set req.url = regsuball(req.url, "_HLS_[a-z]+=(&|$)", "");
        set req.url = regsub(req.url, "[?&]+$", "");
        set req.url = regsub(req.url, "_HLS_skip=v2", "_HLS_skip=YES");
        if (req.url ~ "\?" &&
            req.url !~ "\?(_HLS_msn=[0-9]{1,9}(&_HLS_part=[0-9]{1,9})?)?(&|(?<=\?))?(_HLS_skip=YES)?$") {
            return (synth(400));
        }
    } else {
        set req.url = regsub(req.url, "\?.*$", "");
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.url);
    return (lookup);
}

sub vcl_backend_response {
    # Nothing is served past its time: what is not true any more must be asked for.
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    # A refusal is not kept; for a moment all who ask go through side by side, so that nobody waits for another.
    if (beresp.status != 200) {
        set beresp.uncacheable = true;
        set beresp.ttl = 1s;
        return (deliver);
    }
}

sub vcl_backend_error {
    set beresp.http.Content-Type = "application/problem+json";
    set beresp.http.Cache-Control = "no-store";
    set beresp.http.Retry-After = "1";
    set beresp.body = """{"type":"about:blank","title":"Media does not answer.","status":503,"code":"media.away"}""";
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}
