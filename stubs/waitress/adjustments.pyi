class Adjustments:
    threads: int

    def __init__(
        self,
        *,
        threads: int,
        backlog: int,
        ident: str | None,
        cleanup_interval: int,
        asyncore_use_poll: bool,
        connection_limit: int,
        channel_timeout: int,
        max_request_body_size: int,
        inbuf_overflow: int,
        max_request_header_size: int,
        clear_untrusted_proxy_headers: bool,
        log_socket_errors: bool,
    ) -> None: ...
