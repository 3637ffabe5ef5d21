import { Component, type ReactNode } from "react";
import { NotLoaded } from "./later.tsx";

/** An answer that is not as agreed, as of another version or of a proxy, breaks what shows it and not the host's page. */
export class Broken extends Component<{ children: ReactNode }> {
  override state = { isBroken: false };
  static getDerivedStateFromError = () => ({ isBroken: true });
  override render() {
    return this.state.isBroken ? <NotLoaded /> : this.props.children;
  }
}
