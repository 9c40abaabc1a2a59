"""What a community offers: its activities and usual week, who was asked, who came, and what rests."""
